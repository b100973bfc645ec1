"""The HTTP server and the JSON surface; an HTML surface with sessions will be added beside it."""
