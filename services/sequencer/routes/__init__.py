"""Which HTTP endpoints does the sequencer have?"""
