"""How are names of people and places written, regardless of the case and word order of the input?"""
