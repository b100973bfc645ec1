"""Which employer is which account?"""
