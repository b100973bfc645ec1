"""How is the pipeline today?"""
