"""The engine of the crash tests: it cuts off any command anywhere and asks what the next command finds."""
