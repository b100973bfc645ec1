"""Which HTTP endpoints does the notifier have?"""
