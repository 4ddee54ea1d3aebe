"""调查摸底 (四(一)): what is to be known about every mine, by whom, and how far that has come."""
