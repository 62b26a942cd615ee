"""Proof for somebody else: one leaf with its way to a signed root, or a whole pack of evidence."""
