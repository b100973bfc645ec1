"""How does the console turn what a page shows into HTML?"""
