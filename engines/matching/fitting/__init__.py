"""How are the weights found? Offline only: needs numpy and scipy, which nothing at run time has."""
