"""How are files imported and exported?"""
