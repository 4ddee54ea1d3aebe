"""Fills the template of a kind with the data of a case: `templates/documents/<kind>.md.j2` -> OfficialDocument.

A template is front matter (`key: value` between two `---` lines) and a body in light Markdown (see `markdown.py`).
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.documents import filters, labels, markdown
from notifications.documents.errors import BadTemplate, DocumentError, NoTemplate, OpenValues
from notifications.documents.front_matter import FrontMatter, split
from notifications.documents.groups import citations, groups
from notifications.documents.model import Annex, Imprint, OfficialDocument, Signature
from notifications.documents.values import Ledger, as_text
from states.documents import DocumentKind

__all__ = ["BadTemplate", "DocumentError", "NoTemplate", "OpenValues", "compose", "has_template", "templates_folder"]

#: Papers that carry no number and no date of their own.
_UNNUMBERED = ("承诺书", "表单", "台账")
_UNDATED = ("表单", "台账")
_TAG_LINE = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.MULTILINE)


@cache
def templates_folder() -> Path:
    """The folder `templates`, beside the package folders."""
    return Path(__file__).resolve().parents[2] / "templates"


def has_template(kind_id: str) -> bool:
    """Whether a kind of document has a template."""
    return bool(re.fullmatch(r"[a-z][a-z0-9_]*", kind_id)) and _path(kind_id).is_file()


def compose(
    kind: DocumentKind, data: Mapping[str, object], labels: Mapping[str, str] | None = None
) -> OfficialDocument:
    """The document of a kind, for one case or for what the office does.

    `data` holds the groups mine, case, facts, issuer, recipient, plan and office, the `date` of the document and its
    `number`; while these two are not given, blanks stand in their places. A draft without a date cites the law of
    the day `today`. `labels` name facts in OpenValues.
    Raises NoTemplate, OpenValues (all of them at once), BadValue and BadTemplate.
    """
    if not has_template(kind.id):
        raise NoTemplate(f"《{kind.title}》还没有模板，不能出具：请在 templates/documents 下补上 {kind.id}.md.j2。")
    ledger = Ledger()
    rendered = _render(kind, data, ledger)
    if ledger.paths:
        raise OpenValues(kind.title, tuple((path, _label(path, labels or {})) for path in ledger.paths))
    try:
        front, body = split(rendered)
        return _document(kind, front, markdown.parse(body), data)
    except BadTemplate as error:
        raise BadTemplate(f"《{kind.title}》的模板 {kind.id}.md.j2 有误：{error}") from error


def _path(kind_id: str) -> Path:
    return templates_folder() / "documents" / f"{kind_id}.md.j2"


class _Loader(jinja2.FileSystemLoader):
    """A line that holds nothing but tags leaves no line behind; `trim_blocks` would also join lines of text."""

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, fresh = super().get_source(environment, template)
        return _TAG_LINE.sub(r"\1", source), name, fresh


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Loader(templates_folder() / "documents"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    filters.install(environment)
    return environment


def _render(kind: DocumentKind, data: Mapping[str, object], ledger: Ledger) -> str:
    values = groups(data, ledger)
    given = {"date": data.get("date") or None, "number": data.get("number") or None, "clause": clause_text(kind.basis)}
    try:
        template = _environment().get_template(f"{kind.id}.md.j2")
        return template.render(values, **given, **citations(data, values["facts"]))
    except jinja2.TemplateError as error:
        raise BadTemplate(f"《{kind.title}》的模板 {kind.id}.md.j2 有误：{error}。") from error


@lru_cache(maxsize=256)
def clause_text(basis: str) -> str:
    """A clause as running text writes it: 四(二)6¶2 as 四（二）6第2段, 一—4 as 一第4项原则."""
    for mark, word in (("¶", "段"), ("#", "行"), ("—", "项原则")):
        basis = re.sub(rf"{mark}(\d+)", rf"第\1{word}", basis)
    return basis.replace("(", "（").replace(")", "）")


def _label(path: str, given: Mapping[str, str]) -> str:
    name = path.removeprefix("facts.")
    return given.get(path) or given.get(name) or labels.label(path)


def _document(
    kind: DocumentKind, front: FrontMatter, body: markdown.Body, data: Mapping[str, object]
) -> OfficialDocument:
    number, date = _number(kind, front, data), _date(kind, front, data)
    imprint = None
    if front.get("copy_to") or front.get("print_office"):
        imprint = Imprint(front.get("copy_to"), front.get("print_office"), date if front.get("print_office") else "")
    return OfficialDocument(
        kind=kind.id,
        form=kind.form,
        mark=front.get("mark"),
        number=number,
        signer=front.get("signer"),
        title=front.title,
        addressee=front.get("addressee"),
        blocks=tuple(body.blocks),
        annexes=(*(Annex(title) for title in front.repeated["annex"]), *body.annexes),
        signature=Signature(front.get("organ"), tuple(front.repeated["sign"])),
        date=date,
        note=front.get("note"),
        tail=tuple(body.tail),
        imprint=imprint,
        copies=int(front.get("copies") or 1),
        landscape=front.get("layout") == "landscape",
    )


def _number(kind: DocumentKind, front: FrontMatter, data: Mapping[str, object]) -> str:
    given = front.get("number") or as_text(data.get("number") or "")
    return given if given or kind.form in _UNNUMBERED else str(filters.blank_number())


def _date(kind: DocumentKind, front: FrontMatter, data: Mapping[str, object]) -> str:
    if front.get("date") or kind.form in _UNDATED:
        return front.get("date")
    given = data.get("date")
    return str(filters.cn_date(given) if given else filters.blank_date())
