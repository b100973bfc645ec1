"""Which questions does the console handle?"""

from services.console.queries import rebuilding

routers = (rebuilding.router,)
