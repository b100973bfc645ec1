"""The HTTP server, and what all surfaces have in common; a surface of pages with sessions goes beside the JSON one."""
