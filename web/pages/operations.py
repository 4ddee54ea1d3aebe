"""For the operator's machines: alive, ready, figures. Without sign-in, and only for addresses that are named."""

import ipaddress
import os

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from office.running.operations import readiness
from workflow.errors import NotFound

router = APIRouter(include_in_schema=False)
#: Headers by which a proxy says that it asks for somebody else; their real address is then not known here.
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


@router.get("/healthz")
def alive(request: Request) -> Response:
    """The process answers; nothing else is looked at."""
    _near(request)
    return PlainTextResponse("ok\n")


@router.get("/readyz")
def ready(request: Request) -> Response:
    """503 with the reasons where work cannot be done."""
    _near(request)
    found = readiness(request.app.state.office)
    body = {"ready": not found.reasons, "reasons": found.reasons, "warnings": found.warnings, **found.facts}
    return JSONResponse(body, 503 if found.reasons else 200)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    _near(request)
    return Response(request.app.state.measures.text(), media_type=CONTENT_TYPE_LATEST)


def _near(request: Request) -> None:
    """As if it were not there for everybody else. Raises NotFound."""
    address = request.client.host if request.client else ""
    if any(name in request.headers for name in _FORWARDED) or not allowed(address):
        raise NotFound("没有这个页面：请核对网址，或从左侧菜单进入。")


def allowed(address: str) -> bool:
    """Loopback, or an address or network in MINECASE_METRICS_FROM (separated by commas)."""
    try:
        asking = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(asking, ipaddress.IPv6Address) and asking.ipv4_mapped:
        asking = asking.ipv4_mapped
    return asking.is_loopback or any(asking in network for network in _named())


def _named() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    found = []
    for text in os.environ.get("MINECASE_METRICS_FROM", "").split(","):
        try:
            found.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            # A misspelt address lets nobody in.
            continue
    return found
