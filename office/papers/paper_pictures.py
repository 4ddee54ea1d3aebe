"""A paper as pictures of its pages, and many papers as one .zip: for a look on a screen, and to take away."""

from collections.abc import Sequence
from typing import IO

from sqlmodel import Session

from office.access.people import Person
from office.papers.archive import only_seen
from office.papers.papers import draw, font_book, sayable
from office.papers.zip_file import Part, made, zip_file
from office.papers.zip_names import file_name, folder_name, serial
from office.running.installation import Office
from states.documents import BY_ID
from workflow.errors import BadInput
from workflow.issuing import find, form_for, paper_of
from workflow.models import Document
from workflow.paper import paper_data
from workflow.versions import versions

_ROLES = {"issued": "出具", "edited": "修改", "sealed": "盖章", "receipt": "送达证明"}


def pictures(office: Office, session: Session, document: Document) -> list[bytes]:
    """The pages as SVG: of a draft as it stands with what is open named in its place, else as it was written.

    Raises DocumentError, and BadInput for a county's own Word form.
    """
    from notifications.documents.pdf import write_pictures
    from notifications.documents.writing import composed, sketched

    kind = BY_ID[document.kind]
    if document.form_sha256 or (not document.snapshot and form_for(session, kind.id)):
        raise BadInput(f"《{kind.title}》用的是本县自备的 Word 模板，不能在网页里预览：请下载 .docx 查看。")
    book = font_book(office.settings.home / "fonts")
    if document.snapshot:
        return write_pictures(composed(kind, document.snapshot, document.check_code or ""), book)
    return write_pictures(sketched(kind, paper_data(session, paper_of(session, document))), book)


def draft_file(office: Office, session: Session, document: Document, suffix: str) -> bytes:
    """A draft as .docx or .pdf, as it stands. Raises DocumentError and BadInput."""
    from notifications.documents.docx import write_docx
    from notifications.documents.pdf import write_pdf
    from notifications.documents.writing import sketched

    paper = paper_of(session, document)
    if form_for(session, paper.kind.id):
        return draw(office, session, paper, suffix)[0]
    sketch = sketched(paper.kind, paper_data(session, paper))
    return write_docx(sketch) if suffix == ".docx" else write_pdf(sketch, font_book(office.settings.home / "fonts"))


def papers_zip(office: Office, session: Session, person: Person, ids: Sequence[int]) -> IO[bytes]:
    """The files of the documents that the person may see; a draft as it stands. The same papers give the same bytes."""
    wanted = only_seen(session, person, ids)
    if not wanted:
        raise BadInput("没有勾选文书：请返回文书档案，勾选要下载的文书后再下载。")
    parts, left_out = [], []
    for place, document_id in enumerate(wanted, start=1):
        document = find(session, document_id)
        title = "_".join(part for part in (document.title, document.number or f"编号{document_id}") if part)
        folder = f"{serial(place, len(wanted))}_{folder_name(title)}"
        if document.status == "draft":
            try:
                data = draft_file(office, session, document, ".docx")
            except Exception as error:
                if not sayable(error):
                    raise
                left_out.append(f"文书 {document_id}《{document.title}》是草稿，没有放入：{error}")
                continue
            parts.append(made(f"{folder}/草稿.docx", data))
        parts += [
            Part(f"{folder}/{v.n:02}_{_ROLES[v.role]}_{file_name(v.filename)}", v.sha256, v.size)
            for v in versions(session, document_id)
        ]
    if left_out:
        parts.append(made("说明.txt", "\r\n".join(left_out).encode("utf-8-sig")))
    return zip_file(parts, office.store)
