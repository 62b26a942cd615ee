"""The ledger: every event as a leaf of one Merkle tree, and proof that does not ask for trust."""
