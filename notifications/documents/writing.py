"""From a case's values to the finished files: compose, check the wording, draw as .docx and PDF."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from notifications.documents.compose import compose
from notifications.documents.county import render_form
from notifications.documents.docx import write_docx
from notifications.documents.errors import OpenValues, WordingRefused
from notifications.documents.identify import check_code
from notifications.documents.model import OfficialDocument, Paragraph, Span
from notifications.documents.pdf import coverage, write_pdf
from notifications.documents.pdf.fonts import FontBook
from notifications.documents.values import Gap
from notifications.documents.wording import lint
from states.documents import DocumentKind
from workflow.issuing import Written


def composed(kind: DocumentKind, values: Mapping[str, Any], code: str = "") -> OfficialDocument:
    """The document as it stands before it is drawn, its wording checked. Raises DocumentError."""
    document = compose(kind, values)
    if values.get("replaces"):
        document = _correcting(document, values["replaces"])
    on = date.fromisoformat(values["date"]) if values.get("date") else None
    problems = lint(
        document, kind, on=on, issuer_id=str(values.get("issuer", {}).get("id", "")),
        provisional=[date.fromisoformat(day) for day in values.get("provisional", ())],
    )  # fmt: skip
    if problems:
        raise WordingRefused(kind.title, [str(problem) for problem in problems])
    return replace(document, check_code=code)


#: Filling some gaps may show others, behind a condition of the template.
_ROUNDS = 6


def sketched(kind: DocumentKind, values: Mapping[str, Any]) -> OfficialDocument:
    """A draft for a look only: whatever is open is named in its place. Raises DocumentError."""
    given = {name: dict(group) if isinstance(group, Mapping) else group for name, group in values.items()}
    for _ in range(_ROUNDS):
        try:
            document = compose(kind, given)
        except OpenValues as asked:
            for path, words in asked.values:
                group, _dot, name = path.partition(".")
                if "." in name or not isinstance(given.get(group), dict):
                    raise
                given[group][name] = Gap(path, words)
        else:
            return _correcting(document, values["replaces"]) if values.get("replaces") else document
    return compose(kind, given)


def _correcting(document: OfficialDocument, old: Mapping[str, str]) -> OfficialDocument:
    """A served document is corrected by a new one that names it, above the words with which a paper ends."""
    day = date.fromisoformat(old["issued_on"])
    number = f"{old['number']}，" if old["number"] else ""
    words = f"本件更正并代替《{old['title']}》（{number}{day.year}年{day.month}月{day.day}日），以本件为准。"
    blocks = document.blocks
    end = -1 if blocks and isinstance(blocks[-1], Paragraph) else len(blocks)
    return replace(document, blocks=(*blocks[:end], Paragraph((Span(words),)), *blocks[end:]))


def writer(book: FontBook, form_bytes: Callable[[str], bytes]) -> Callable[..., Written]:
    """What `workflow.issuing.issue` writes documents with; `form_bytes` reads a county's own form by its SHA-256."""

    def write(kind: DocumentKind, values: Mapping[str, Any], document_id: int, form_sha256: str) -> Written:
        code = code_of(values, document_id)
        name = file_name(kind, values)
        if form_sha256:
            filled = render_form(form_bytes(form_sha256), {**values, "check_code": code}, title=kind.title)
            return Written(((f"{name}.docx", filled),), code, ("用本县自备的 Word 模板生成，只有 .docx。",))
        document = composed(kind, values, code)
        pdf = write_pdf(document, book)
        return Written(
            ((f"{name}.docx", write_docx(document)), (f"{name}.pdf", pdf)),
            code,
            tuple(coverage(document, book).report()),
        )

    return write


def code_of(values: Mapping[str, Any], document_id: int) -> str:
    """The check code of a record: the same for the same values, another for every other document."""
    canonical = json.dumps([document_id, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return check_code(canonical.encode())


def file_name(kind: DocumentKind, values: Mapping[str, Any]) -> str:
    """`责令限期整改通知书_演示青石岭矿_演自然资责改〔2026〕3号`, without characters that a file name cannot have."""
    mine = values.get("mine", {}).get("name", "")
    parts = [part for part in (kind.title, mine, values.get("number", "")) if part]
    clean = "".join("_" if char in '\\/:*?"<>|' or not char.isprintable() else char for char in "_".join(parts))
    return clean.encode()[:180].decode(errors="ignore")
