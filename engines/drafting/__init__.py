"""How is a text written from facts alone? Pure: templates of the pack, facts with their sources, and one check."""
