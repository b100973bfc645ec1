"""How do files get into the pipeline, and out of it?"""
