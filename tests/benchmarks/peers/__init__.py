"""Other engines on the same documents and the same queries, each in its own words."""
