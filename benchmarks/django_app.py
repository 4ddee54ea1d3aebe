"""Makes the Django side of the ledger an application of its own, so that its models know each other."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "benchmarks"
    label = "ledger"
