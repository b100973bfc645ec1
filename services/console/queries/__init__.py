"""Which questions does the console handle?"""

from services.console.queries import audit, rebuilding, users

routers = (rebuilding.router, users.router, audit.router)
