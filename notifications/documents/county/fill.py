"""Fills the parts of a form: values travel in disguise (see `values.py`), so none can be taken for markup."""

import re
from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from notifications.documents import filters
from notifications.documents.county.lint import TOO_DEEP
from notifications.documents.county.package import parse
from notifications.documents.county.text import W, has_column_loop, shown, source
from notifications.documents.docx.xml import legal
from notifications.documents.errors import BadForm
from notifications.documents.filters import BREAK
from notifications.documents.model import BLANK
from notifications.documents.values import as_text, unveil, veil
from states.fields import printable

_DISGUISED = re.compile("[\U000f0000-\U000fffff]+")
_NEW_LINE = '</w:t><w:br/><w:t xml:space="preserve">'
_CROSSED = "if、for 与段落或表格的边界交叉：整段的语句写 {%p … %}，整行的写 {%tr … %}，并各占一段（一行）。"


def _lines(value: object) -> str:
    return unveil(str(filters.lines(value)))


def _cn_date(value: object) -> object:
    """A blank date is a date already."""
    return value if isinstance(value, str) and BLANK in value else filters.cn_date(value)


FILTERS: dict[str, Callable[[object], object]] = {
    "cn_date": _cn_date, "money": filters.money, "sentence": filters.sentence, "bare": filters.bare,
    "place": filters.place, "lines": _lines,
}  # fmt: skip


class Sample:
    """A value of any kind: true, with two rows, every field filled in."""

    def __getitem__(self, name: object) -> "Sample":
        return self

    def __iter__(self) -> Iterator["Sample"]:
        return iter((self, self))

    def __len__(self) -> int:
        return 2

    def __str__(self) -> str:
        return "样例"


def environment(*, trial: bool = False) -> ImmutableSandboxedEnvironment:
    """Nothing but these filters; on trial they pass everything."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined, finalize=_printed)
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update({name: str if trial else function for name, function in FILTERS.items()})
    return made


def _printed(value: object) -> str:
    """Every `{{ … }}` ends here."""
    return veil(printable(value).strip() if isinstance(value, str) else as_text(value))


def fill(
    environment: jinja2.Environment,
    parts: Mapping[str, str],
    package: Mapping[str, bytes],
    values: Mapping[str, object],
) -> dict[str, bytes]:
    """The filled parts by name; `parts` are the parts to fill and what a person calls them. Raises BadForm."""
    return {name: _filled(environment, parse(package[name]), place, values) for name, place in parts.items()}


def _filled(environment: jinja2.Environment, root: etree._Element, place: str, values: Mapping[str, object]) -> bytes:
    counted = has_column_loop(root)
    try:
        rendered = environment.from_string(source(root)).render(values)
    except (RecursionError, SyntaxError) as error:
        raise BadForm(TOO_DEEP, place) from error
    except (jinja2.TemplateError, TypeError) as error:
        raise BadForm("格式不能填写：请重新上传，按检查结果改正。", place) from error
    xml = _DISGUISED.sub(lambda found: _shown(found.group()), rendered)
    try:
        etree.fromstring(xml.encode())
        tree = _whole(re.sub(r"\n<w:p([ >])", r"<w:p\1", xml), counted=counted)
    except etree.XMLSyntaxError as error:
        line = xml.split("\n")[max((error.lineno or 1) - 1, 0)]
        raise BadForm(_CROSSED, shown(place, re.sub(r"<[^>]*>", "", line))) from error
    except (AttributeError, TypeError, ValueError, ZeroDivisionError) as error:
        raise BadForm("按列循环（{%tc … %}）的表格列数对不上，请检查该表格。", place) from error
    return bytes(etree.tostring(tree, encoding="UTF-8", standalone=True))


def _shown(disguised: str) -> str:
    one_line = re.sub(r"[\r\n\t]", " ", legal(unveil(disguised)))
    text = escape(one_line.replace(BLANK, "　"), {'"': "&quot;"})
    return text.replace(BREAK, _NEW_LINE)


def _whole(xml: str, *, counted: bool) -> etree._Element:
    """The tree, with what word processors insist on where a statement has left nothing."""
    template = DocxTemplate(None)
    tree = template.fix_tables(xml) if counted else etree.fromstring(xml.encode())
    for table in list(tree.iter(f"{W}tbl")):
        if table.find(f"{W}tr") is None:
            table.getparent().replace(table, etree.Element(f"{W}p"))
    for box in tree.iter(f"{W}tc", f"{W}hdr", f"{W}ftr", f"{W}txbxContent"):
        if box.find(f".//{W}p") is None or box[-1].tag == f"{W}tbl":
            etree.SubElement(box, f"{W}p")
    # A content control that is bound to stored data would show that instead.
    for binding in list(tree.iter(f"{W}dataBinding")):
        binding.getparent().remove(binding)
    template.docx_ids_index = 1000
    template.fix_docpr_ids(tree)
    return tree


def missing_are_blank(values: Mapping[str, object]) -> dict[str, object]:
    """The number and the date, or room for them while they are not given."""
    return {
        "number": values.get("number") or str(filters.blank_number()),
        "date": values.get("date") or str(filters.blank_date()),
    }
