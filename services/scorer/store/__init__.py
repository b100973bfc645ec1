"""Every query of the scorer: recorded inputs, scores with their history, calibrations and models."""
