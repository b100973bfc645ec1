"""What do several of the notifier's entry points do?"""
