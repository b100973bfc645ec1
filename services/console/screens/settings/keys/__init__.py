"""Which programs may use the services over HTTP?"""
