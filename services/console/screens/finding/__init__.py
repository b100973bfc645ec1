"""Where is it, and what can be done?"""
