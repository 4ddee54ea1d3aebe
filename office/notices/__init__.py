"""Notices as the screens show them: record, preview, mail settings, other systems."""
