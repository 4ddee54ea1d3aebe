"""The office's screens: thin routes over `office` and `workflow`; no rule of the plan is decided here."""
