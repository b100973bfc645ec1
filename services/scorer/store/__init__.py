"""Every query of the scorer: inputs as they were received, scores with their history, calibrations and models."""
