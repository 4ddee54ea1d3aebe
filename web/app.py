"""The web application: what stands before it, its pages, and how it says that something went wrong."""

import gzip
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException as NoSuchPage
from starlette.types import ASGIApp

from office.running.installation import Office
from web import pages
from web.activity import ActivityLog
from web.api.app import create_api
from web.desk import Elsewhere, Forbidden, NoToken, SignInNeeded, take_form
from web.frame import htmx, outside, render, script, stylesheet
from web.guard import Guard
from web.watch import Measures, Watch
from workflow import clock
from workflow.errors import CaseFileError, Conflict, DatabaseUnfit, NotFound, StepRefused

#: Megabytes of one request.
LIMIT = 210
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Forbidden, 403), (NoToken, 403), (NotFound, 404), (Conflict, 409), (StepRefused, 422), (DatabaseUnfit, 503),
    (CaseFileError, 400),
)  # fmt: skip
_FILES: dict[str, tuple[Callable[[], tuple[str, bytes]], str]] = {
    "app.css": (stylesheet, "text/css"), "app.js": (script, "text/javascript"), "htmx.js": (htmx, "text/javascript"),
}  # fmt: skip


def create_app(office: Office, *, hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")) -> ASGIApp:
    """The office's screens, guarded. `hosts` are the names under which browsers reach it."""
    app = FastAPI(title="minecase", docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(take_form)])
    app.state.office = office
    app.add_middleware(ActivityLog, office=office)
    app.state.measures = Measures(office)
    # One module a group of pages; each brings its router.
    for module in sorted(iter_modules(pages.__path__), key=lambda found: found.name):
        app.include_router(import_module(f"{pages.__name__}.{module.name}").router)
    app.mount("/api/v1", create_api(office))
    app.add_api_route("/static/{name}", _static, include_in_schema=False)
    app.add_api_route("/favicon.ico", _no_icon, include_in_schema=False)
    _say(app)
    return Guard(Watch(app, app.state.measures), hosts=hosts, limit=LIMIT * 1024 * 1024)


def _static(name: str, request: Request) -> Response:
    for made, media_type in _FILES.values():
        current, data = made()
        if name == current:
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
                return Response(_pressed(data), media_type=media_type, headers=headers)
            return Response(data, media_type=media_type)
    raise HTTPException(404)


@cache
def _pressed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _no_icon() -> Response:
    """Browsers ask for one wherever they are shown a picture alone."""
    return Response(status_code=204)


def _say(app: FastAPI) -> None:
    """Every error becomes a page with its sentence and a way back."""

    def needed(request: Request, _error: Exception) -> Response:
        if request.method == "GET" and request.url.path != "/":
            return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
        if request.method == "GET" or request.url.path == "/sign-out":
            return RedirectResponse("/sign-in", 303)
        # Back to the form afterwards, and never in silence: what was posted is not kept.
        return RedirectResponse(f"/sign-in?unsaved=1&next={quote(_form_page(request))}", 303)

    def elsewhere(_request: Request, error: Any) -> Response:
        return RedirectResponse(error.url, 303)

    def refused(_request: Request, error: Exception) -> Response:
        status = next(code for kind, code in _STATUS if isinstance(error, kind))
        return _error_page(status, str(error))

    def missing(_request: Request, error: Any) -> Response:
        words = {404: "没有这个页面：请核对网址，或从左侧菜单进入。", 405: "这个网址不能这样用：请从页面上的按钮操作。"}
        return _error_page(error.status_code, words.get(error.status_code, "请求有误。"))

    app.add_exception_handler(SignInNeeded, needed)
    app.add_exception_handler(Elsewhere, elsewhere)
    app.add_exception_handler(CaseFileError, refused)
    app.add_exception_handler(NoSuchPage, missing)


def _form_page(request: Request) -> str:
    """Path of the page from which something was posted, as the browser tells it; `/` where that is none of ours."""
    try:
        told = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    return unquote(told.path) if told.netloc == request.headers.get("host", "") and told.path else "/"


def _error_page(status: int, sentence: str) -> HTMLResponse:
    return HTMLResponse(render("error.html.j2", **outside(clock.today()), status=status, sentence=sentence), status)
