"""Texts: their canonical form, passages, words, numbers, and how close two of them are."""
