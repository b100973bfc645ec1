"""Which letters leave, and what stands against one?"""
