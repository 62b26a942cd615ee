"""What is read out of a canonical text without leaving it."""
