"""Writes an OfficialDocument as .docx; the same document always gives the same bytes."""

from notifications.documents.docx.base import NAMESPACES
from notifications.documents.docx.body import body
from notifications.documents.docx.package import core, frame, pack
from notifications.documents.docx.pages import furniture
from notifications.documents.model import OfficialDocument


def write_docx(doc: OfficialDocument) -> bytes:
    """The document as a .docx file."""
    pages = furniture(doc)
    return pack({
        **frame(tuple(pages)),
        **{f"word/{name}.xml": part for name, part in pages.items()},
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body(doc)}</w:body></w:document>",
        "docProps/core.xml": core("".join(doc.title), doc.check_code),
    })  # fmt: skip
