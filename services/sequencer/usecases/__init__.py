"""What do several entry points of the sequencer share?"""
