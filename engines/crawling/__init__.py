"""What may be fetched of a site, and from which sites is nothing read?"""
