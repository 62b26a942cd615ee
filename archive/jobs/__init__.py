"""The integrity schedule: systemd, cron, or a loop of our own; all three run the same command."""
