"""Pages go over the wire pressed, for whoever can unpack them."""

import gzip
import io
import secrets

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

#: Bytes below which pressing is not worth it.
_SMALL = 2_000


def page_response(request: Request, html: str, status: int) -> Response:
    """A page, or a part of one, as a browser takes it."""
    data, headers = html.encode(), {"vary": "HX-Request, Accept-Encoding"}
    if len(data) < _SMALL or "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(data, status, headers)
    return HTMLResponse(_pressed(data), status, headers | {"content-encoding": "gzip"})


def _pressed(data: bytes) -> bytes:
    """The name inside is of a random length: from the size of a page nobody guesses the secret of its forms (BREACH)."""
    packed = io.BytesIO()
    name = "x" * (1 + secrets.randbelow(99))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=1, fileobj=packed, mtime=0) as file:
        file.write(data)
    return packed.getvalue()
