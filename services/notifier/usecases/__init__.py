"""What do several entry points of the notifier share?"""
