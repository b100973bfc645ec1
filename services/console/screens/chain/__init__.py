"""Which accounts belong together, and who works them?"""
