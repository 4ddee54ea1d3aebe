"""What the operator sees of requests: one log line each, and figures for Prometheus. Never a body, never a query."""

from collections.abc import Iterable
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from office.running.installation import Office
from office.running.logs import REQUESTS, say
from office.running.operations import Figures, figures
from web import links

_METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
#: Seconds.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Measures:
    """The figures of one application; asked for, it looks into the database once."""

    def __init__(self, office: Office) -> None:
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "minecase_request_seconds",
            "Time of a request",
            ("method", "route"),
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.requests = Counter(
            "minecase_requests_total", "Requests", ("method", "route", "status"), registry=self.registry
        )
        self.registry.register(_CaseFile(office))

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _CaseFile(Collector):
    """Gauges read when they are asked for."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def describe(self) -> Iterable[Any]:
        return ()

    def collect(self) -> Iterable[Any]:
        found = figures(self.office)
        yield _labelled("minecase_notices", "Notices by status", ("status",), found.notices)
        yield _labelled("minecase_hook_deliveries", "Messages to other systems", ("status",), found.hooks)
        yield _labelled("minecase_cases", "Cases by procedure", ("procedure", "open"), found.cases)
        yield from _single(found)


def _labelled(name: str, words: str, labels: tuple[str, ...], values: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for key, value in values.items():
        family.add_metric(key if isinstance(key, tuple) else (key,), value)
    return family


def _single(found: Figures) -> Iterable[GaugeMetricFamily]:
    if found.beat_age is not None:
        yield GaugeMetricFamily("minecase_heartbeat_age_seconds", "Since the last heartbeat", found.beat_age)
    if found.last_sweep is not None:
        yield GaugeMetricFamily("minecase_last_sweep_timestamp_seconds", "Last morning swept", found.last_sweep)
    yield GaugeMetricFamily("minecase_held", "1 while sending is held", float(bool(found.held)))


class Watch:
    """Times every request and writes its line when it is over."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self.app, self.measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault = False
        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            # A body over the limit is answered outside, by the guard; anything else is a fault of ours.
            fault = not type(error).__name__.startswith("_TooLarge")
            if not fault:
                status = 413
            raise
        finally:
            self._note(scope, status, perf_counter() - begun, fault)

    def _note(self, scope: Scope, status: int, seconds: float, fault: bool) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        # Only routes that exist: what a visitor makes up must not become a label.
        route = getattr(scope.get("route"), "path", "none")
        self.measures.seconds.labels(method, route).observe(seconds)
        self.measures.requests.labels(method, route, str(status)).inc()
        state = scope.get("state", {})
        case = _case(scope, route)
        say(
            REQUESTS, "request", fault=fault, request_id=state.get("request_id", ""), account=state.get("account", ""),
            method=method, route=route, status=status, ms=round(seconds * 1000, 1), **({"case": case} if case else {}),
        )  # fmt: skip


def _case(scope: Scope, route: str) -> str:
    """The case's number where the address holds one."""
    if not route.startswith(("/cases/{", "/api/v1/cases/{")):
        return ""
    values = scope.get("path_params") or {}
    return links.number_of(str(next(iter(values.values()), "")))[:60]
