"""Which commands does the console handle?"""

from services.console.commands import rebuild, users

routers = (rebuild.router, users.router)
