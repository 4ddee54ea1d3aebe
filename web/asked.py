"""What an address or a form asks for, read so that nothing odd in it can do more than find nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode

from web.desk import Desk
from workflow.errors import BadInput

_LONGEST = 100


def word(desk: Desk, name: str) -> str:
    """A value out of the address; empty where it was not given."""
    return desk.request.query_params.get(name, "").strip()[:_LONGEST]


def number(desk: Desk, name: str, most: int) -> int:
    """A whole number from 1 to `most` out of the address; 0 for anything else."""
    return _whole(word(desk, name), most)


def page(desk: Desk) -> int:
    """The page of a list; the first for anything that is none."""
    return number(desk, "page", 999_999) or 1


def ids(texts: Iterable[str]) -> list[int]:
    """The numbers of rows among what was ticked, each once, in order."""
    return list(dict.fromkeys(found for text in texts if (found := _whole(text.strip(), 2**31 - 1))))


def day(text: str, label: str, default: date) -> date:
    """A typed day, or `default` where nothing was typed. Raises BadInput."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{label}“{text[:20]}”不是日期：应形如 2026-11-23。") from None


def pages_link(url: str, asked: Mapping[str, str]) -> str:
    """The address of a list up to and with `page=`, with the filters that are set."""
    return f"{url}?{urlencode({**{name: text for name, text in asked.items() if text}, 'page': ''})}"


def _whole(text: str, most: int) -> int:
    found = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    return found if found <= most else 0
