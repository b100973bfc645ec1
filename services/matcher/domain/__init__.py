"""Which facility does a posting mean, and what do its sightings add up to? Pure: no I/O and no clock."""
