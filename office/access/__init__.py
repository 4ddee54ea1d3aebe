"""Who comes in and what they may do: accounts, sign-in, rights, delegation, the log of what was done."""
