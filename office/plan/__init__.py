"""The plan as data: its text, the procedures' check, ladders and working days as the office sets them."""
