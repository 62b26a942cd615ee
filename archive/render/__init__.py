"""The only code that shows archived text: on a terminal, as JSON lines."""
