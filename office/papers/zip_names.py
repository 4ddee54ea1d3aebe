"""Names inside a bundle that every system can unpack: short, printable, without what Windows reserves."""

import unicodedata
from pathlib import PurePath

_RESERVED = frozenset('<>:"/\\|?*')
#: Characters of a folder's and of a file's name; with what stands before them a path stays within 100.
FOLDER_ROOM, FILE_ROOM = 36, 44
_SUFFIX_ROOM = 10


def folder_name(text: str) -> str:
    """A name for a folder, cut where it is too long. It must not stand alone: a number comes before it."""
    return _clean(text)[:FOLDER_ROOM].rstrip(" .") or "_"


def file_name(text: str) -> str:
    """A name for a file, cut before its suffix. It must not stand alone either."""
    name = _clean(text)
    suffix = PurePath(name).suffix
    suffix = suffix if 1 < len(suffix) <= _SUFFIX_ROOM else ""
    stem = name[: len(name) - len(suffix)][: FILE_ROOM - len(suffix)]
    return (stem.rstrip(" .") or "_") + suffix


def serial(number: int, count: int) -> str:
    """`007`; wider where there are more than 999."""
    return str(number).zfill(max(3, len(str(count))))


def _clean(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return (
        "".join("_" if char in _RESERVED or not char.isprintable() else char for char in composed).strip().rstrip(" .")
    )
