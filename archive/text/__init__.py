"""The pure rules of text: its canonical form, its passages, how two texts compare."""
