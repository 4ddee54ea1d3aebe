"""The installation: settings, database and files at work, health, logs, backup and restore."""
