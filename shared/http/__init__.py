"""The HTTP server, the surface for programs (JSON, API keys) and the one for people (HTML, sessions)."""
