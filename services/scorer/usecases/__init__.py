"""What do handlers, queries, commands and the schedule of the scorer share?"""
