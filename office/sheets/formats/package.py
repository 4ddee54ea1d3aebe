"""A workbook that is a zip: its directory judged first, each part then unpacked once, and no further than promised.

The reader never gets the upload: it gets a zip made here of the parts that were looked at, so that a directory that
lies, or that two programs read in two ways, leads nowhere.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from office.sheets.formats.limits import (
    DAMAGED,
    LOCKED,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED,
    RATIO_FROM,
    RESAVE,
    Unfit,
    too_large,
)
from office.sheets.formats.zipped import DEFLATED, STORED, BadZip, Entry, directory, unpack

_ODD = f"文件结构异常（重名、越界或链接的部分），不予打开：{RESAVE}。"
_ENTITIES = f"文件里有文档类型声明（DOCTYPE）或实体，不予打开：{RESAVE}。"
_ENTRY = b"PK\x01\x02"
_LINK, _ENCRYPTED = 0o120000, 0x41
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")
_PLAIN = {"utf-8", "utf8", "us-ascii", "ascii"}
_CODECS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-16": "utf-16", "iso-8859-1": "latin-1",
           "windows-1252": "cp1252", "big5": "big5"}  # fmt: skip


class Package:
    """Parts by name; upper and lower case do not matter, a backslash counts as a slash."""

    def __init__(self, data: bytes) -> None:
        """Raises Unfit for a directory that promises too much or anything odd; nothing is unpacked yet."""
        if (count := data.count(_ENTRY)) > MAX_PARTS:
            raise _too_many(count)
        try:
            entries = directory(data)
        except BadZip as error:
            raise Unfit(DAMAGED) from error
        _judge(entries)
        self._data = data
        self._entries = {_plain(entry.name): entry for entry in entries if not entry.folder}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._entries

    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """One part, unpacked no further than allowed. Raises Unfit, also where there is no such part."""
        if (entry := self._entries.get(_plain(name))) is None:
            raise Unfit(DAMAGED)
        try:
            return unpack(self._data, entry)
        except BadZip as error:
            raise Unfit(DAMAGED) from error

    def xml(self, name: str) -> bytes:
        """One part as XML in UTF-8, without a document type."""
        found = _utf8(self.read(name))
        if b"!" in found and re.search(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", found):
            raise Unfit(_ENTITIES)
        return found

    def look_through(self, seen: Mapping[str, object]) -> None:
        """The XML that no reader gets must have no document type either."""
        done = {_plain(name) for name in seen}
        for name in self._entries:
            if name.endswith((".xml", ".rels", ".vml")) and name not in done:
                self.xml(name)


def parsed(xml: bytes, parser: expat.XMLParserType) -> None:
    """All of the XML through the handlers of a parser. Raises Unfit where it is not well-formed."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Unfit(DAMAGED) from error


def elements(xml: bytes, *names: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of these names, prefixes left out, with their attributes, in order."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if (local := name.rpartition(":")[2]) in names:
            found.append((local, attributes))

    parser.StartElementHandler = start
    parsed(xml, parser)
    return found


def _plain(name: str) -> str:
    return name.replace("\\", "/").casefold()


def _judge(entries: list[Entry]) -> None:
    """Raises Unfit for what the directory alone gives away. What it promises is what may be unpacked later."""
    names = [_plain(entry.name) for entry in entries]
    if any(name.startswith("/") or ":" in name or ".." in name.split("/") for name in names):
        raise Unfit(_ODD)
    if len(set(names)) < len(names) or any(entry.mode & 0o170000 == _LINK for entry in entries):
        raise Unfit(_ODD)
    if any(entry.flags & _ENCRYPTED for entry in entries):
        raise Unfit(LOCKED)
    unpacked = sum(entry.size for entry in entries)
    swollen = any(entry.size > RATIO_FROM and entry.size > MAX_RATIO * entry.packed for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise too_large(unpacked)
    if swollen:
        raise Unfit(f"文件里有压缩得异常厉害的部分（展开后超过 {MAX_RATIO} 倍），不予打开：{RESAVE}。")
    if len(entries) > MAX_PARTS:
        raise _too_many(len(entries))
    if any(entry.method not in (STORED, DEFLATED) for entry in entries):
        raise Unfit(f"文件的压缩方式不能识别：{RESAVE}。")


def _too_many(parts: int) -> Unfit:
    return Unfit(
        f"文件由 {parts:,} 个部分组成，最多 {MAX_PARTS:,} 个，不予打开：请删去图片，只留下要导入的工作表，另存为 .xlsx 后再上传。"
    )


def _utf8(xml: bytes) -> bytes:
    """Whatever the XML is written in, as UTF-8."""
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        wide = "utf-16" if xml[0] > 0x7F else "utf-16-le" if xml[0] else "utf-16-be"
        return _recoded(xml, wide)
    declared = _DECLARED.match(xml[:200])
    name = declared[1].decode().lower() if declared else "utf-8"
    if name in _PLAIN:
        return xml
    if name not in _CODECS:
        raise Unfit(f"文件用了不能识别的文字编码（{name}）：{RESAVE}。")
    return _recoded(xml, _CODECS[name])


def _recoded(xml: bytes, codec: str) -> bytes:
    try:
        text = xml.decode(codec)
    except UnicodeDecodeError as error:
        raise Unfit(DAMAGED) from error
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")).encode(errors="replace")
