"""What services say to each other: events, who publishes and consumes them, requests and refusals."""
