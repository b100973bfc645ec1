"""How are the weights fitted? Offline only: this needs numpy and scipy, which are not installed at run time."""
