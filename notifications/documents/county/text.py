"""The text of one part of a form: what Word itself would do with it, and the source that Jinja reads."""

import re
from collections.abc import Iterator

from docxtpl import DocxTemplate
from lxml import etree

from notifications.documents.county.package import FormProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Fields of Word that count and refer; all others fetch, run or change by themselves.
_FIELDS = frozenset({
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "NOTEREF", "SEQ", "STYLEREF", "TOC", "EQ", "=",
    "SYMBOL", "ADVANCE", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN",
})  # fmt: skip
#: How docxtpl writes tags that would put markup where text belongs.
_MARKUP_TAGS = re.compile(r"\{\{-?\s?(?:r|p|tr|tc)\s|\{%-?\s*(?:colspan|cellbg|vm|hm|raw)\b")
_SINGLE = re.compile(r"(?<![{%#])\{\s*[A-Za-z_]+(?:\.\w+)*\s*\}(?!\})|\uff5b[^\uff5d]*\uff5d")
_COLUMNS = re.compile(r"\{%-?\s?tc\s")
#: Stand-ins for values (see `values.veil`), which a form's own text must not hold.
_STAND_INS = re.compile("[\U000f0000-\U000fffff]")


def shown(place: str, text: str) -> str:
    """Where something stands, with the words around it."""
    near = " ".join(text.split())
    return f"{place}“{near[:30]}{'…' if len(near) > 30 else ''}”处" if near else place


def text_of(paragraph: etree._Element) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{W}t"))


def has_column_loop(root: etree._Element) -> bool:
    """Whether a row repeats cells, so that the columns of its table must be counted anew."""
    return any(_COLUMNS.search(text_of(paragraph)) for paragraph in root.iter(f"{W}p"))


def source(root: etree._Element) -> str:
    """The text that Jinja reads: a placeholder that Word has cut into runs is whole again; one paragraph a line."""
    xml = _STAND_INS.sub("□", etree.tostring(root, encoding="unicode"))
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", DocxTemplate(None).patch_xml(xml))


def word_problems(root: etree._Element, place: str) -> list[FormProblem]:
    """What has no business in a form: revisions, comments, fields that act, tags that Jinja would not see."""
    if root.tag not in {f"{W}{name}" for name in ("document", "hdr", "ftr", "footnotes", "endnotes")}:
        return [FormProblem(place, "用的是“严格开放 XML”格式：请另存为普通的 .docx 后再上传。")]
    problems = []
    if any(root.find(f".//{W}{name}") is not None for name in ("ins", "del", "moveFrom", "moveTo")):
        problems.append(FormProblem(place, "有未处理的修订：请全部接受或拒绝后再上传。"))
    if root.find(f".//{W}commentReference") is not None:
        problems.append(FormProblem(place, "有批注：请删去后再上传，以免随公文发出。"))
    for near, code in _fields(root):
        if (word := (code.split() or [""])[0].upper()) not in _FIELDS or re.search("[{}]", code):
            name = word[:20] or "不明"
            problems.append(FormProblem(shown(place, near), f"有 Word 域“{name}”，公文格式里不能用：请改为文字。"))
    for paragraph in root.iter(f"{W}p"):
        problems += _tag_problems(text_of(paragraph), place)
    return problems


def _fields(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The code of every field with the text of its paragraph; a field may stand inside another."""
    for simple in root.iter(f"{W}fldSimple"):
        yield text_of(simple), simple.get(f"{W}instr", "")
    open_fields: list[tuple[str, list[str]]] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText"):
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            paragraph = next(node.iterancestors(f"{W}p"), node)
            open_fields.append((text_of(paragraph), []))
        elif kind == "end" and open_fields:
            near, words = open_fields.pop()
            yield near, "".join(words)
        elif node.tag == f"{W}instrText" and open_fields:
            open_fields[-1][1].append(node.text or "")
        elif node.tag == f"{W}instrText":
            yield "", node.text or ""
    yield from ((near, "".join(words)) for near, words in open_fields)


def _tag_problems(text: str, place: str) -> Iterator[FormProblem]:
    if found := _MARKUP_TAGS.search(text):
        tag = found.group().rstrip()
        yield FormProblem(shown(place, text), f"“{tag}”这种写法不能用：字段一律写作 {{{{ 字段 }}}}，不加前缀。")
    if found := _SINGLE.search(text):
        yield FormProblem(
            shown(place, text), f"“{found.group()[:40]}”不会被填写：字段要用两对半角花括号，如 {{{{ mine.name }}}}。"
        )
