"""What both sides of the exchange with a CRM have, and where they differ."""
