"""Telling people: reads the outbox, writes the text, delivers it, records what became of it."""
