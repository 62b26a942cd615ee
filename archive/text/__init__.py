"""What is known about text: its canonical form, its passages, how alike two are."""
