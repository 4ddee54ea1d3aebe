"""统计: how the cases stand, what was done, the brief for the county head."""
