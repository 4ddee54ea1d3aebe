"""The case file: tables, transactions, time. Calls `states`, knows nothing of mail, web or templates."""
