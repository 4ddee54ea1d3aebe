"""What a workbook must be before it is read: a known format, without macros and passwords, no larger than may be.

The limits stand in `formats.limits`. Standard library only: the child process runs this and must start quickly.
"""

from office.sheets.formats import ods, xls, xlsb, xlsx
from office.sheets.formats.compound import SIGNATURE
from office.sheets.formats.limits import DAMAGED, MACROS, MAX_FILE, RESAVE, Checked, Unfit
from office.sheets.formats.package import Package

_WPS = "这是 WPS 自己的 .et 格式：请用 WPS 打开，另存为 .xlsx 后再上传。"
_TEXT = "这是文本文件（如 .csv），不是 Excel 表格：请用 Excel 或 WPS 打开，核对长数字没有丢位，另存为 .xlsx 后再上传。"
_PAGE = f"这个文件名为表格，其实是网页（HTML）：{RESAVE}。"
_XML_SHEET = f"这是“XML 表格”，不是 .xlsx：{RESAVE}。"
_OLD = f"这是很旧的 Excel 格式，不能读取：{RESAVE}。"
_WORD = "这是 Word 文件，不是表格：请把其中的表格复制到 Excel 中，另存为 .xlsx 后再上传。"
_OTHER = "这不是 Excel 表格：请上传 .xlsx、.xls、.xlsb 或 .ods 文件。"
_BY_NAME = {
    "xlsm": MACROS, "xltm": MACROS, "xlam": MACROS, "xla": MACROS, "et": _WPS, "ett": _WPS,
    "csv": _TEXT, "txt": _TEXT, "tsv": _TEXT, "html": _PAGE, "htm": _PAGE, "mht": _PAGE, "mhtml": _PAGE,
}  # fmt: skip
#: How files of other kinds begin, and how a person calls them.
_BEGINNINGS = {
    b"%PDF": " PDF 文件", b"\x89PNG": "图片", b"\xff\xd8\xff": "图片", b"GIF8": "图片", b"BM": "图片",
    b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包", b"\x1f\x8b": "压缩包", b"{\\rtf": " RTF 文档",
}  # fmt: skip
#: Parts by which other packages are known.
_PACKAGES = {
    "word/document.xml": _WORD,
    "ppt/presentation.xml": "这是演示文稿，不是表格：请上传 .xlsx 表格。",
    "ofd.xml": "这是 OFD 版式文件，不是表格：请上传 .xlsx 表格。",
}
_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")


def first_look(data: bytes, filename: str) -> None:
    """What needs no parsing: size, name and the first bytes. Raises Unfit."""
    if not data.strip(b"\0 \r\n\t"):
        raise Unfit("文件是空的：请检查后重新选择要上传的表格。")
    if len(data) > MAX_FILE:
        raise Unfit(
            f"文件有 {len(data) / 1e6:.1f} MB，最大 {MAX_FILE // 1_000_000} MB："
            "请删去图片和多余的工作表，或者分成几个文件后再上传。"
        )
    if sentence := _BY_NAME.get(filename.rpartition(".")[2].strip().lower(), ""):
        raise Unfit(sentence)
    if not data.startswith((b"PK\x03\x04", SIGNATURE)):
        raise Unfit(_kind(data))


def check(data: bytes, filename: str) -> Checked:
    """What may be read of a workbook. Raises Unfit with the sentence for whoever uploaded it."""
    first_look(data, filename)
    if data.startswith(SIGNATURE):
        return xls.check(data)
    package = Package(data)
    if "xl/workbook.bin" in package:
        return xlsb.check(package)
    if "xl/workbook.xml" in package:
        return xlsx.check(package)
    if sentence := next((sentence for name, sentence in _PACKAGES.items() if name in package), ""):
        raise Unfit(sentence)
    if "mimetype" in package and package.read("mimetype").strip() == ods.MIMETYPE:
        return ods.check(package)
    raise Unfit(DAMAGED if any(name.startswith("xl/") for name in package.names()) else _OTHER)


def _kind(data: bytes) -> str:
    """The sentence about something that is neither a zip nor an old Office file."""
    if kind := next((kind for begin, kind in _BEGINNINGS.items() if data.startswith(begin)), ""):
        return f"这是{kind}，不是 Excel 表格：请上传 .xlsx、.xls、.xlsb 或 .ods 文件。"
    if data.startswith(_BIFF):
        return _OLD
    head = _as_text(data[:4096])
    lowered = head.lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in lowered and "<html" not in lowered:
        return _XML_SHEET
    if any(sign in lowered for sign in ("<html", "<!doctype html", "<table", "mime-version:", "<meta ")):
        return _PAGE
    if head and not any(ord(sign) < 9 for sign in head):
        return _TEXT
    return DAMAGED if data.startswith(b"PK") else _OTHER


def _as_text(data: bytes) -> str:
    """The beginning of a file as text, or nothing."""
    codecs = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030")
    for codec in codecs:
        for cut in range(4):
            try:
                return data[: len(data) - cut].decode(codec)
            except UnicodeDecodeError:
                continue
    return ""
