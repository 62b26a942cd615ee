"""Whom an item says it has its content from."""
