"""The contracts between services: events, who publishes and consumes them, requests and refusals."""
