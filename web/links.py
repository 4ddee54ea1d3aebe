"""Addresses of pages. A case's number may hold a slash; in an address it stands as `~`."""

from urllib.parse import quote


def case_url(number: str) -> str:
    """`/cases/2-4~restoration-1`."""
    return f"/cases/{slug(number)}"


def step_url(number: str, trigger: str) -> str:
    return f"{case_url(number)}/steps/{quote(trigger)}"


def mine_url(code: str) -> str:
    return f"/mines/{quote(code)}"


def document_url(id: int) -> str:
    return f"/documents/{id}"


def slug(number: str) -> str:
    return quote(number.replace("/", "~"))


def number_of(slug: str) -> str:
    """The case's number out of its address."""
    return slug.replace("~", "/")


def inside(url: str, otherwise: str) -> str:
    """An address of ours, or the other one: nobody is sent elsewhere."""
    ours = url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()
    return url if ours else otherwise
