"""Which facility does a posting match, and which signals follow from its sightings? Pure: no I/O and no clock."""
