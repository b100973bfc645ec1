"""What does the console ask of other services by itself?"""

from services.console.workers import rebuilding

routers = (rebuilding.router,)
