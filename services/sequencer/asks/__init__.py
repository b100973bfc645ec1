"""What may people ask and order?"""
