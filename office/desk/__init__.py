"""What waits and what is due: the first page, the calendar, supervision, organs and their duties."""
