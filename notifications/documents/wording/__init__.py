"""Reads a document as an experienced clerk would before it is issued: what is wrong, where, and what to do.

Only slips that are wrong in every official document are refused. Model names, licence numbers and figures keep
their Latin letters and half-width signs.
"""

from collections.abc import Collection, Iterator
from datetime import date

from notifications.documents import laws
from notifications.documents.compose import clause_text
from notifications.documents.model import BLANK, OfficialDocument
from notifications.documents.wording.places import WordingProblem, body_text, last_line, places
from notifications.documents.wording.text import text_problems
from states import documents
from states.documents import DocumentKind

__all__ = ["WordingProblem", "lint"]

#: How a 请示 may end, and how a letter ends.
_ASKING = (
    "妥否，请批示。",
    "当否，请批示。",
    "可否，请批示。",
    "妥否，请审批。",
    "当否，请审批。",
    "妥否，请批复。",
    "请予批准。",
)
_LETTER_ENDS = (
    "为盼。",
    "为荷。",
    "请予支持。",
    "特此函告。",
    "特此函达。",
    "特此函复。",
    "请函复。",
    "请予函复。",
    "复函。",
)
#: What asks a superior for a decision and has no place in a 报告.
_REQUESTS = ("请批示", "请审批", "请批复", "请予批准", "恳请审定")


def lint(
    doc: OfficialDocument,
    kind: DocumentKind,
    *,
    cites: Collection[str] = (),
    on: date | None = None,
    provisional: Collection[date] = (),
    issuer_id: str = "",
) -> tuple[WordingProblem, ...]:
    """Everything that is wrong with the wording, in the order of the paper; nothing when it may be issued.

    `cites` are the clauses one of which must stand in the text (by default the kind's own), `on` is the document's
    day, `provisional` days that are not settled and must not be printed, `issuer_id` the organ that issues.
    """
    found = []
    for place, text in places(doc):
        found += [WordingProblem(place, sentence) for sentence in text_problems(text, provisional)]
        found += [WordingProblem(place, sentence) for sentence in (laws.wrong_citations(text, on) if on else ())]
    return (*found, *_head(doc, kind, issuer_id), *_basis(doc, kind, cites or (kind.basis,)), *_ends(doc))


def _head(doc: OfficialDocument, kind: DocumentKind, issuer_id: str) -> Iterator[WordingProblem]:
    if issuer_id and not documents.may_issue(issuer_id, kind):
        yield WordingProblem("落款", documents.refusal(doc.signature.organ or doc.mark or issuer_id, kind))
    if not _is_request(doc):
        return
    if not doc.addressee or any(sign in doc.addressee for sign in "，、,;；"):
        yield WordingProblem("主送机关", "请示只写一个主送机关，请改为有权批准的那一个机关。")
    if doc.imprint and doc.imprint.copies_to:
        yield WordingProblem("版记", "请示在批准之前不抄送其他机关，请删去抄送。")
    if not doc.note:
        yield WordingProblem("附注", "请示应当在附注处写明联系人和电话，请补上。")


def _basis(doc: OfficialDocument, kind: DocumentKind, cites: Collection[str]) -> Iterator[WordingProblem]:
    if doc.form == "表单":
        return
    text = body_text(doc)
    wanted = [clause_text(clause) for clause in cites]
    if not any(clause in text for clause in wanted) and not laws.names_an_article(text):
        yield WordingProblem(
            "正文", f"《{kind.title}》的正文没有写明依据，请引用方案条款（{'或'.join(wanted)}）或者法律条款。"
        )


def _ends(doc: OfficialDocument) -> Iterator[WordingProblem]:
    last, title = last_line(doc), "".join(doc.title)
    if _is_request(doc) and not last.endswith(_ASKING):
        yield WordingProblem("正文末段", "请示应当以“妥否，请批示。”一类的话结尾，请改正。")
    elif title.endswith("函") and not last.replace(BLANK, "").endswith(_LETTER_ENDS):
        yield WordingProblem("正文末段", "函应当以“请予支持为盼。”“特此函告。”一类的话结尾，请改正。")
    elif title.endswith("报告") and doc.form == "上行文":
        text = body_text(doc)
        if asked := next((words for words in _REQUESTS if words in text), ""):
            yield WordingProblem("正文", f"报告中不得夹带请示事项（“{asked}”），请另行写请示。")
        if not last.startswith(("特此报告", "以上报告")):
            yield WordingProblem("正文末段", "报告应当以“特此报告。”一类的话结尾，请改正。")


def _is_request(doc: OfficialDocument) -> bool:
    return "".join(doc.title).endswith("请示")
