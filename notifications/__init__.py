"""Telling people: reads the outbox, writes the text, delivers it, records what became of it."""

from zoneinfo import ZoneInfo

#: The office's own time: greetings, quiet hours and Date headers are written in it.
OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
