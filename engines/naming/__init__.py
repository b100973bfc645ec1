"""How are people and places called, whatever the case and order they are given in?"""
