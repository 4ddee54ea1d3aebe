"""Checks a bundle, unpacked or as one .zip, with nothing but Python 3.8 or newer.

It travels in every bundle as `核验.py`: `python 核验.py` beside the other files, or `python 核验.py X.zip`.
"""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MANIFEST, HISTORY, FORMAT = "manifest.json", "history.json", 1
_CHUNK = 1 << 20
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
#: What an entry's hash covers, in this order, after the hash before it.
_COVERED = ("seq", "case_id", "case_version", "kind", "trigger", "from_state", "to_state", "actor", "organ_id",
            "occurred_on", "recorded_at", "data")  # fmt: skip


class Folder:
    """An unpacked bundle."""

    def __init__(self, root: Path) -> None:
        # Some systems take letters with accents apart when they unpack.
        found = [(path.relative_to(root).as_posix(), path) for path in root.rglob("*") if path.is_file()]
        self._paths = {unicodedata.normalize("NFC", name): path for name, path in found}

    def names(self) -> list[str]:
        return sorted(self._paths)

    def open(self, name: str) -> IO[bytes]:
        return self._paths[name].open("rb")


class Archive:
    """A bundle as it was handed over."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def names(self) -> list[str]:
        return sorted(name for name in self._zip.namelist() if not name.endswith("/"))

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


Bundle = Any  # Folder or Archive; Python 3.8 has no way to write that here


def canonical(value: Any) -> str:
    """JSON with one possible spelling."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(event: dict[str, Any]) -> str:
    """SHA-256 over an entry and the hash before it."""
    parts = [event["prev_hash"], *(event[name] for name in _COVERED)]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def problems(bundle: Bundle) -> Iterator[str]:
    """Everything that does not fit, each in one Chinese sentence."""
    manifest = history = None
    try:
        manifest = _read(bundle, MANIFEST)
        listed = {str(row["path"]): (int(row["size"]), str(row["sha256"])) for row in manifest["files"]}
        order = [row["path"] for row in manifest["files"]]
        cases = {case["id"]: (str(case["number"]), int(case["version"])) for case in manifest["cases"]}
        head = (int(manifest["chain"]["seq"]), str(manifest["chain"]["hash"]))
    except _Refused as refusal:
        yield str(refusal)
        return
    except (KeyError, TypeError, ValueError, AttributeError):
        yield f"{MANIFEST}：内容不完整，无法核验"
        return
    if manifest.get("format") != FORMAT:
        yield f"{MANIFEST}：格式版本为 {manifest.get('format')}，本核验程序只认识版本 {FORMAT}"
        return
    if order != sorted(set(order)):
        yield f"{MANIFEST}：文件的排列次序被改动"
    yield from _files(bundle, listed)
    try:
        history = _read(bundle, HISTORY)
        yield from _chain(history, head)
        yield from _cases(history, cases)
        yield from _evidence(history, {sha256 for _, sha256 in listed.values()})
    except _Refused as refusal:
        yield str(refusal)
    except (KeyError, TypeError, ValueError, AttributeError):
        yield f"{HISTORY}：内容不完整，无法核验"


class _Refused(Exception):
    """A file that nothing can be checked with; the message says why."""


def _read(bundle: Bundle, name: str) -> Any:
    """A JSON file in its one possible spelling."""
    if name not in bundle.names():
        raise _Refused(f"{name}：缺少这个文件")
    try:
        with bundle.open(name) as file:
            raw = file.read()
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _Refused(f"{name}：不是有效的 JSON，已损坏或被改动") from None
    except _UNREADABLE:
        raise _Refused(f"{name}：读不出，已损坏") from None
    if canonical(value).encode("utf-8", "replace") != raw:
        raise _Refused(f"{name}：写法与原样不符，被改动")
    return value


def _files(bundle: Bundle, listed: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Every file listed is there as it was, and nothing else is."""
    found = Counter(bundle.names())
    for name in sorted({*found, *listed} - {MANIFEST}):
        if name not in listed:
            yield f"{name}：多出的文件，清单中没有"
        elif not found[name]:
            yield f"{name}：缺少这个文件"
        elif found[name] > 1:
            yield f"{name}：同名文件有 {found[name]} 个"
        else:
            yield from _same(bundle, name, *listed[name])


def _same(bundle: Bundle, name: str, size: int, sha256: str) -> Iterator[str]:
    digest, length = hashlib.sha256(), 0
    try:
        with bundle.open(name) as file:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                digest.update(chunk)
                length += len(chunk)
    except _UNREADABLE:
        yield f"{name}：读不出，已损坏"
        return
    if length != size:
        yield f"{name}：大小应为 {size} 字节，实为 {length} 字节"
    elif digest.hexdigest() != sha256:
        yield f"{name}：内容与清单的 SHA-256 不符，被改动"


def _chain(history: Any, head: tuple[int, str]) -> Iterator[str]:
    """Every entry carries its own hash; neighbours carry each other's; none lies behind the head."""
    seq, last = 0, ""
    for event in history["events"]:
        where = f"{HISTORY} 第 {event['seq']} 条办理记录"
        if event_hash(event) != event["hash"]:
            yield f"{where}：内容与哈希不符，被改动"
        if event["seq"] <= seq:
            yield f"{where}：次序不对"
        elif event["seq"] == seq + 1 and event["prev_hash"] != last:
            yield f"{where}：与上一条的哈希不衔接"
        seq, last = event["seq"], event["hash"]
    if seq > head[0] or (seq == head[0] and last != head[1]):
        yield f"{HISTORY}：最后一条办理记录与清单记载的链头（第 {head[0]} 条）不符"


def _cases(history: Any, cases: dict[Any, tuple[str, int]]) -> Iterator[str]:
    """Every case's entries count from one to the last without a gap; joint papers belong to no case."""
    counted: dict[Any, int] = dict.fromkeys(cases, 0)
    for event in history["events"]:
        case = event["case_id"]
        if case is None:
            continue
        if case not in cases:
            yield f"{HISTORY} 第 {event['seq']} 条办理记录：不属于本卷的案件"
            continue
        counted[case] += 1
        if event["case_version"] != counted[case]:
            yield f"案件 {cases[case][0]}：第 {counted[case]} 次办理缺失或次序不对"
            counted[case] = event["case_version"]
    for case, (number, version) in cases.items():
        if counted[case] != version:
            yield f"案件 {number}：清单记为 {version} 次办理，办理记录到第 {counted[case]} 次"


def _evidence(history: Any, kept: set[str]) -> Iterator[str]:
    """Every file that an entry names by its hash lies in the bundle."""
    for event in history["events"]:
        data = event["data"]
        named = [sha256 for files in data.get("evidence", {}).values() for sha256 in files]
        if event["kind"] == "paper":
            named += [*data.get("files", {}).values(), *([data["receipt"]] if "receipt" in data else [])]
        for sha256 in named:
            if sha256 not in kept:
                yield f"第 {event['seq']} 条办理记录所附的文件（SHA-256 {sha256[:16]}…）不在卷内"


def main(arguments: list[str]) -> int:
    """Prints what is wrong and answers 1, or 全部相符 and 0."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        bundle: Bundle = Folder(place) if place.is_dir() else Archive(place)
    except _UNREADABLE:
        print(f"“{place.name}”打不开，或不是 zip 文件：请给出案卷的 .zip，或在解压后的文件夹中运行。")
        return 1
    found = list(problems(bundle))
    for line in found:
        print(line + "。")
    print(f"发现 {len(found)} 处不符。" if found else f"全部相符：共核对 {len(bundle.names())} 个文件。")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
