"""What left, or is about to: letters and other calls outside."""
