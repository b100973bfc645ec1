"""Which HTTP endpoints does the matcher have?"""
