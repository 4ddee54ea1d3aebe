"""Which of our records a file is, and how it differs from ours."""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from notifications.documents.errors import UnreadableFile
from notifications.documents.identify.align import Difference, Line, align
from notifications.documents.identify.docx import DocxText, read_docx
from notifications.documents.identify.pdf import PdfText, read_pdf

__all__ = ["Difference", "Found", "check_code", "differences", "examine", "looks_like_code"]

#: Digits and capitals without those that are taken for one another: 0 O, 1 I L, U V.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(rf"(?<![0-9A-Z])([{ALPHABET}]{{4}})-([{ALPHABET}]{{4}})(?![0-9A-Z])")
_NAMED_CODE = re.compile(rf"核\s*验\s*码\s*:?\s*([{ALPHABET}]{{4}})\s*-?\s*([{ALPHABET}]{{4}})(?![0-9A-Z])")
_TYPED_CODE = re.compile(rf"(?:核验码:?)?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})")
_HYPHENS = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFF0D, ord("_"), ord("·")), "-")

_MOST_MB = 50
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says about itself."""

    kind: Literal["docx", "pdf", "other"]
    sha256: str
    #: `XXXX-XXXX`, or empty.
    check_code: str = ""
    #: Paragraphs and table cells in the order of reading, or the lines of a PDF; empty ones are left out.
    text: tuple[str, ...] = ()
    #: Headers and footers of a .docx.
    furniture: tuple[str, ...] = ()


def check_code(material: bytes) -> str:
    """A short code for people: the first 40 bits of SHA-256, as far as eight characters hold them."""
    number = int.from_bytes(hashlib.sha256(material).digest()[:5])
    letters = ""
    for _ in range(8):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return f"{letters[:4]}-{letters[4:]}"


def looks_like_code(text: str) -> str | None:
    """The code that a person means, however it was typed; None where it cannot be one."""
    match = _TYPED_CODE.fullmatch("".join(_normal(text).split()))
    return "-".join(match.groups()) if match else None


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_HYPHENS)).upper()


def examine(data: bytes) -> Found:
    """What the file is. Raises UnreadableFile with a sentence for the person who handed it in."""
    read, sha256 = _read(data), hashlib.sha256(data).hexdigest()
    if read is None:
        return Found("other", sha256)
    text = tuple(cell for line in read.lines for cell in line.cells if cell.strip())
    if isinstance(read, PdfText):
        return Found("pdf", sha256, _in_keywords(read.keywords) or _in_text("\n".join(text)), text)
    code = _in_keywords(read.keywords) or _in_text("\n".join(read.furniture)) or _in_text("\n".join(text))
    return Found("docx", sha256, code, text, read.furniture)


def _in_keywords(keywords: str) -> str:
    match = _CODE.search(_normal(keywords))
    return "-".join(match.groups()) if match else ""


def _in_text(text: str) -> str:
    """The code that is named most often: it stands on every page, another paper's code in one place."""
    codes = Counter("-".join(match.groups()) for match in _NAMED_CODE.finditer(_normal(text)))
    return max(codes, key=codes.__getitem__, default="")


def _read(data: bytes) -> DocxText | PdfText | None:
    if not data:
        raise UnreadableFile("文件是空的（0 字节）。请重新选择文件。")
    if len(data) > _MOST_MB * 2**20:
        raise UnreadableFile(f"文件超过 {_MOST_MB} MB，不能读取。请压缩其中的图片后另存一份再试。")
    if data.startswith(b"PK"):
        return read_docx(data)
    if b"%PDF-" in data[:1024]:
        return read_pdf(data)
    if data.startswith(_OLD_OFFICE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile("文件已加密，不能读取。请去掉密码后再试。")
    return None


def differences(ours: bytes, theirs: bytes) -> tuple[Difference, ...]:
    """What somebody changed in our .docx or PDF, in the order of the paper."""
    if ours == theirs:
        return ()
    old, new = _read(ours), _read(theirs)
    if isinstance(old, PdfText) and isinstance(new, PdfText):
        if not (old.complete and new.complete):
            raise UnreadableFile("PDF 中有读不出文字的页（如扫描件），不能逐行比较。请人工核对。")
        return tuple(align(old.lines, new.lines)) or (_same("文字相同，其他（图片、版式或属性）不同"),)
    if not (isinstance(old, DocxText) and isinstance(new, DocxText)):
        raise UnreadableFile("只能比较两个 .docx 或两个 PDF，所给文件不是。请人工核对。")
    found = (*align(old.lines, new.lines), *_furniture(old, new), *_pictures(old, new))
    return found or (_same("内容相同，只有格式或属性不同"),)


def _same(sentence: str) -> Difference:
    return Difference("全文", "", sentence, "same_text")


def _furniture(old: DocxText, new: DocxText) -> tuple[Difference, ...]:
    """Headers and footers as sets: word processors copy and reorder them."""
    was, now = ({line.strip(): Line("页眉页脚", (line,)) for line in read.furniture} for read in (old, new))
    gone = [line for text, line in was.items() if text not in now]
    return tuple(align(gone, [line for text, line in now.items() if text not in was]))


def _pictures(old: DocxText, new: DocxText) -> tuple[Difference, ...]:
    if old.pictures == new.pictures:
        return ()
    return (Difference("图片和嵌入对象", f"{len(old.pictures)} 个", f"{len(new.pictures)} 个，与原件不同"),)
