"""NATS: the connection, the loop that consumes, the relay that publishes, and what heals a lost store."""
