"""Which commands does the console handle?"""

from services.console.commands import rebuild

routers = (rebuild.router,)
