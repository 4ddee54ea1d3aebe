"""The plan as code: every procedure of 阳政办发〔2025〕17号 as an explicit state machine.

Standard library and `transitions` only: no database, clock, web or mail.
"""
