"""卷内目录: the list of what lies in a volume, as .docx and PDF."""

from collections.abc import Iterator

from sqlmodel import Session

from notifications.documents.compose import compose
from notifications.documents.county import render_form
from notifications.documents.docx import write_docx
from notifications.documents.errors import MissingCharacter
from notifications.documents.pdf import write_pdf
from office.bundle.bundle_volume import Volume
from office.papers.papers import font_book, kept
from office.papers.zip_file import Part, made
from office.running.installation import Office
from states.documents import BY_ID
from workflow.issuing import form_for
from workflow.paper import Paper, paper_data

_KIND = BY_ID["volume_contents"]


def contents(office: Office, session: Session, volume: Volume, remarks: list[str]) -> Iterator[Part]:
    """The list, dated on the day of the last entry; what could not be made goes to `remarks`.

    File names stand in it as they are, so no rule of wording is applied.
    """
    paper = Paper(kind=_KIND, case=volume.root, issuer_id="group_office", on=volume.day, today=volume.day)
    values = paper_data(session, paper)
    # A block that is not sold yet has no holder; that keeps nobody from filing what there is.
    values["mine"]["holder"] = values["mine"]["holder"] or "尚无"
    if not values["office"]["rows"]:
        remarks.append("卷内还没有文书和材料，不生成卷内目录。")
        return
    if own := form_for(session, _KIND.id):
        form = kept(office, own.sha256, "本县自备模板")
        yield made("卷内目录.docx", render_form(form, {**values, "check_code": ""}))
        remarks.append("卷内目录用本县自备的 Word 模板生成，只有 .docx。")
        return
    document = compose(_KIND, values)
    yield made("卷内目录.docx", write_docx(document))
    try:
        yield made("卷内目录.pdf", write_pdf(document, font_book(office.settings.home / "fonts")))
    except MissingCharacter as missing:
        remarks.append(f"卷内目录只有 .docx，没有 .pdf：{missing}")
