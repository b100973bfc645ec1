"""What has happened?"""
