"""Files that people bring to a case: what may come in, where it waits for its step, and who may fetch it again."""

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO

from sqlalchemy import select
from sqlmodel import Session, col

from office.access.people import Person, may_take
from states.kernel import Step
from workflow.context import Context
from workflow.errors import BadInput, NotFound
from workflow.ledger import ways_ahead
from workflow.models import Attachment, Case, Setting
from workflow.store import FileStore
from workflow.views import CaseView, StoredFile

#: Megabytes of one file, unless the office has set another limit (`upload_mb`).
MEGABYTES = 50
#: What a packed office file may hold unpacked: beyond that it is made to fill a disk.
_UNPACKED, _ENTRIES = 500 * 1024 * 1024, 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Ending -> how such a file begins.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",),
    "tif": (b"II*\x00", b"MM\x00*"), "tiff": (b"II*\x00", b"MM\x00*"), "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",), "ofd": (b"PK\x03\x04",), "wps": (_OLE, b"PK\x03\x04"), "et": (_OLE, b"PK\x03\x04"),
}  # fmt: skip
#: What must lie inside of a packed file of this ending.
_INSIDE = {"docx": "word/", "xlsx": "xl/", "ofd": "OFD.xml"}
ENDINGS = "PDF、JPG、PNG、TIF、DOCX、XLSX、WPS、ET、OFD"
#: For the file dialog of a browser.
ACCEPT = ",".join(f".{ending}" for ending in _BEGINNINGS)
_TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "tif": "image/tiff",
    "tiff": "image/tiff", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
#: What a browser may show by itself.
_SHOWN = ("pdf", "jpg", "jpeg", "png")
#: Name under which files are kept that no step asks for.
OTHER = "other"


def upload_limit(session: Session) -> int:
    """Megabytes of one file."""
    row = session.get(Setting, "upload_mb")
    return int(row.value) if row else MEGABYTES


def check_file(name: str, data: bytes, megabytes: int = MEGABYTES) -> None:
    """Raises BadInput for what is too large, of another kind than its name says, or made to harm."""
    if not data:
        raise BadInput(f"材料文件“{name}”是空文件（0 字节），请重新扫描或导出。")
    if len(data) > megabytes * 1024 * 1024:
        raise BadInput(f"材料文件“{name}”超过 {megabytes} MB：请压缩或分册后再传。")
    ending = _ending(name)
    if ending not in _BEGINNINGS:
        raise BadInput(f"不收“{name}”这一类文件：材料只收 {ENDINGS}，请另存或扫描为其中一种。")
    if not data.startswith(_BEGINNINGS[ending]):
        raise BadInput(f"“{name}”的内容不是 {ending.upper()} 文件（文件名与内容不符）：请用原来的程序重新导出。")
    if data.startswith(b"PK\x03\x04"):
        _check_packed(name, ending, data)


def _check_packed(name: str, ending: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        raise BadInput(f"“{name}”打不开（文件不完整或已损坏）：请重新导出后再传。") from None
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED:
        raise BadInput(f"“{name}”解压后大得不正常，疑似恶意文件，没有接收：请用原来的程序重新导出。")
    inside = _INSIDE.get(ending, "")
    if not any(entry.filename.startswith(inside) for entry in entries):
        raise BadInput(f"“{name}”的内容不是 {ending.upper()} 文件（文件名与内容不符）：请用原来的程序重新导出。")
    if any(entry.filename.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for entry in entries):
        raise BadInput(f"“{name}”里带有宏或程序，没有接收：请另存为不带宏的文件。")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def file_size(size: int) -> str:
    """182 KB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


def media_type(name: str) -> str:
    return _TYPES.get(_ending(name), "application/octet-stream")


def shown_inline(name: str) -> bool:
    """Whether a browser may show a file by itself; everything else is only handed over to keep."""
    return _ending(name) in _SHOWN


def steps_asking(view: CaseView, evidence: str) -> list[Step]:
    """The steps possible now that ask for a piece of evidence."""
    if not view.procedure.knows(view.state):
        return []
    ahead = ways_ahead(view, view.procedure.state(view.state))
    return [step for step in ahead if any(e.name == evidence for e in step.evidence)]


def attach(
    session: Session, store: FileStore, person: Person, view: CaseView, evidence: str,
    files: Sequence[tuple[StoredFile, bytes]], *, context: Context, on: date,
) -> str:  # fmt: skip
    """Puts files on record ahead of their step; answers what they are. Does not commit. Raises BadInput."""
    label = OTHER if evidence == OTHER else ""
    asking = steps_asking(view, evidence)
    for step in asking:
        label = next(e.label for e in step.evidence if e.name == evidence)
    if not label:
        raise BadInput(f"{view.number} 目前的环节不需要这项材料：请刷新页面后重新选择。")
    if asking and not any(may_take(person, view, step, context, on) for step in asking):
        raise BadInput(f"“{label}”由本环节的牵头或配合单位上传，{person.organ}可改传“其他材料”。")
    if not files:
        raise BadInput(f"请选择要上传的“{label if label != OTHER else '其他材料'}”文件。")
    limit = upload_limit(session)
    for stored, data in files:
        check_file(stored.filename, data, limit)
    for stored, data in files:
        store.keep(stored, data)
        session.add(
            Attachment(case_id=view.id, evidence=evidence, filename=stored.filename, sha256=stored.sha256,
                       size=stored.size, added_by=person.id, added_on=on)
        )  # fmt: skip
    return "其他材料" if label == OTHER else label


def remove_waiting(session: Session, person: Person, case: Case, attachment_id: int) -> str:
    """Takes a file back that waits for its step; what an entry rests on stays. Does not commit. Raises NotFound."""
    row = session.get(Attachment, attachment_id)
    if row is None or row.case_id != case.id:
        raise NotFound("没有这份材料，或者它已经被移除。")
    if row.event_seq is not None:
        raise BadInput(f"“{row.filename}”已经随办理入档，不能移除：办错了请用“更正”。")
    if not person.is_office and row.added_by != person.id:
        raise BadInput(f"“{row.filename}”由 {row.added_by} 上传，只有上传人或工作组办公室可以移除。")
    session.delete(row)
    return row.filename


def file_of(session: Session, case: Case, sha256: str) -> Attachment:
    """A file of a case that the caller has checked. Raises NotFound."""
    query = select(Attachment).where(col(Attachment.case_id) == case.id, col(Attachment.sha256) == sha256)
    found = session.scalars(query.order_by(col(Attachment.id))).first()
    if found is None:
        raise NotFound("没有这份材料，或者它不在您的职责范围内。")
    return found
