"""NATS: the connection, the loop that consumes, the relay that publishes, and stream recovery."""
