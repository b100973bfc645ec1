"""What does a CRM learn of our accounts, and what do we learn from it? Requests and answers, without a network."""
