"""A county's own form as a package of parts: what is refused before a word of it is read."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from notifications.documents.errors import BadForm

#: Bytes of the upload, of all its parts unpacked, of one part that is filled in; number of parts.
MAX_FILE, MAX_UNPACKED, MAX_TEXT, MAX_PARTS = 5_000_000, 40_000_000, 4_000_000, 500

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_TYPES = "[Content_Types].xml"
_RESAVE = "请在 Word 或 WPS 中打开，另存为 .docx 后再上传"

#: Kinds of parts that are filled in, and how a person calls them.
_FILLED = {"document.main": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
#: Relations inside the file that carry code or other people's files, by the end of their type.
_ACTIVE = {
    "vbaProject": "宏", "wordVbaData": "宏", "keyMapCustomizations": "宏", "attachedToolbars": "宏",
    "oleObject": "嵌入的对象", "package": "嵌入的文件", "control": "控件", "activeXControlBinary": "控件",
    "aFChunk": "嵌入的其他格式文件", "subDocument": "子文档", "frame": "框架网页",
}  # fmt: skip
_ACTIVE_NAME = re.compile(r"vbaproject|/activex/|/embeddings/|\.(?:exe|dll|js|vbs)$", re.IGNORECASE)
_EXTERNAL = {"attachedTemplate": "远程模板", "hyperlink": "超链接", "image": "链接的图片", "oleObject": "链接的对象"}


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing that is wrong with a form: where, and in one sentence what and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


def too_large(data: bytes) -> str:
    """The sentence about an upload that is not even looked at, or nothing."""
    if len(data) <= MAX_FILE:
        return ""
    return f"文件有 {len(data) / 1e6:.1f} MB，最大 {MAX_FILE // 1_000_000} MB：请删去大图片后再上传。"


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of a form by name. Raises BadForm for anything but a sound, plain .docx."""
    if sentence := too_large(data) or _not_a_package(data):
        raise BadForm(sentence)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if sentence := _not_readable(entries):
                raise BadForm(sentence)
            return {entry.filename: package.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise BadForm(f"文件已损坏，读不出来：{_RESAVE}。") from error


def _not_a_package(data: bytes) -> str:
    if data.startswith(_OLE) and _ENCRYPTED in data:
        return "文件设了打开密码：请取消密码后再上传。"
    if data.startswith(_OLE):
        return f"这是旧版 .doc 文件，不是 .docx：{_RESAVE}。"
    return "" if data.startswith(b"PK") else f"这不是 Word 的 .docx 文件：{_RESAVE}。"


def _not_readable(entries: list[zipfile.ZipInfo]) -> str:
    if any(entry.flag_bits & 1 for entry in entries):
        return "文件加了密：请取消密码后再上传。"
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or len(entries) > MAX_PARTS:
        return f"文件展开后过大（{unpacked / 1e6:.0f} MB，{len(entries)} 个部分），不予打开：请删去大图片后再上传。"
    names = {entry.filename.casefold() for entry in entries}
    odd = any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
    return f"文件结构异常（重名或越界的部分）：{_RESAVE}。" if odd or len(names) < len(entries) else ""


def filled_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The parts that are filled in, and how a person calls them. Raises BadForm if there is no Word document."""
    types = {
        node.get("PartName", "").lstrip("/"): node.get("ContentType", "")
        for node in parse(parts.get(_TYPES, b"")).iter("{*}Override")
    }
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types.values()):
        raise BadForm(f"文件带有宏（.docm），不能使用：{_RESAVE}（不带宏）。")
    if any(kind.startswith(f"{_WORD}template") for kind in types.values()):
        raise BadForm(f"这是 Word 模板文件（.dotx），不是 .docx：{_RESAVE}。")
    found = {
        name: label
        for end, label in _FILLED.items()
        for name, kind in sorted(types.items())
        if kind == f"{_WORD}{end}+xml" and name in parts
    }
    if "正文" not in found.values():
        raise BadForm(f"文件里没有 Word 正文：{_RESAVE}。")
    if any(len(parts[name]) > MAX_TEXT for name in found):
        raise BadForm(f"正文过长（展开后超过 {MAX_TEXT // 1_000_000} MB）：请分成几份格式。")
    return found


def parse(part: bytes) -> etree._Element:
    """The XML of a part, without fetching or expanding anything. Raises BadForm."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadForm(f"文件已损坏，里面的 XML 读不出来：{_RESAVE}。") from error
    if root.getroottree().docinfo.doctype:
        raise BadForm(f"文件里有文档类型声明（DOCTYPE），不能使用：{_RESAVE}。")
    return root


def foreign(parts: Mapping[str, bytes]) -> list[FormProblem]:
    """Macros, embedded objects and whatever leads out of the file."""
    found = dict.fromkeys(
        problem
        for name in sorted(parts)
        if name.endswith(".rels")
        for relation in parse(parts[name]).iter("{*}Relationship")
        if (problem := _relation(relation))
    )
    if not found and any(_ACTIVE_NAME.search(name) for name in parts):
        return [FormProblem("整个文件", f"带有宏或嵌入的对象，不能使用：{_RESAVE}（不带宏和对象）。")]
    return list(found)


def _relation(relation: etree._Element) -> FormProblem | None:
    kind = relation.get("Type", "").rpartition("/")[2]
    target = relation.get("Target", "")[:60]
    if relation.get("TargetMode") == "External":
        name = _EXTERNAL.get(kind, _ACTIVE.get(kind, "外部内容"))
        return FormProblem(f"{name}“{target}”", "指向文件以外，不能使用：请删去或取消链接后再上传。")
    if kind in _ACTIVE:
        return FormProblem(f"{_ACTIVE[kind]}“{target}”", "公文格式里不能带宏、控件和嵌入的文件：请删去后再上传。")
    return None
