"""The cases as the screens show and change them: ledger, case page, steps, lists, opinions, open values."""
