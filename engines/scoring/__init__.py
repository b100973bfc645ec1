"""How are scores and tiers computed? Pure functions of recorded inputs and a day, for services and command line."""
