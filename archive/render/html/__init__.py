"""Pages to keep: one file each, readable without a network and without scripts."""
