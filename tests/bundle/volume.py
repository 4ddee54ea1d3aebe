"""A mine's volume to bundle: an order served and sealed, a letter void, a joint paper, files with awkward names."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from states.documents import BY_ID, DocumentKind
from tests.conftest import at_nine
from tests.story import Story, number_series
from workflow.engine import advance
from workflow.issuing import Written, draft, issue, void
from workflow.models import Document
from workflow.register import actor_named
from workflow.service import serve, upload

LAW = {"legal_basis": "演示法第三条", "remedy": "演示救济途径"}
ORDER = {
    "enforcer": "emergency", "breach": "=1+1 未按设计开采", "requirements": "恢复设计边坡", "rectify_by": "2026-04-30",
    "contact": "演示联系人 0000000", **LAW,
}  # fmt: skip
SERVICE = {"served_on": "2026-03-06", "service_way": "leaving", "served_by": "演示甲、演示乙", "received_by": "演示丙"}
#: Names that a Linux machine takes and Windows does not, or that are too long, or alike but for their case.
AWKWARD = ("照片:现场?*|<1>.JPG", "同名.pdf", "同名.PDF", "回证. . .", "e\u0301tude.pdf", "长" * 60 + ".pdf")


def plainly(kind: DocumentKind, values: object, document_id: int, form: str) -> Written:  # noqa: ARG001
    """A document whose words do not matter here."""
    files = tuple((f"{kind.title}.{suffix}", f"{suffix} {values}".encode()) for suffix in ("docx", "pdf"))
    return Written(files, f"CODE-{document_id:04}")


class Volume(Story):
    """A story whose documents are issued without being typeset."""

    def on(self, day: str, user: str, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Does something in one transaction on a day."""
        with freeze_time(at_nine(day)), self.office.writing() as session:
            return act(session, *given, actor=actor_named(session, user), **named)

    def keep(self, name: str, content: bytes = b"") -> Any:
        path = self.folder / name
        path.write_bytes(content or name.encode())
        return self.office.store.put(path)

    def publish(self, document_id: int, day: str, user: str) -> None:
        with self.office.writing() as session:
            paper = session.get_one(Document, document_id)
            number_series(session, BY_ID[paper.kind], paper.issuer_id)
        self.on(day, user, issue, self.office.store, document_id, on=date.fromisoformat(day), write=plainly)

    def sketch(self, kind: str, day: str, user: str, *given: str, **named: Any) -> int:
        def write(session: Session, **more: Any) -> int:
            return draft(session, kind, *given, **more).id or 0

        return int(self.on(day, user, write, on=date.fromisoformat(day), **named))

    def order(self) -> int:
        """The order as its step drafted it."""
        with self.office.reading() as session:
            return session.exec(select(Document.id).where(Document.kind == "rectification_order")).one() or 0


def made_volume(office: Office, folder: Path) -> str:
    """Lives through it; answers the case's number."""
    story = Volume(office, folder)
    story.register("演示六号砂岩矿", holder="演示六号矿业公司", mineral="砂岩")
    case = story.open("rectification", "2026-03-02", breach="未按设计开采")
    story.on(
        "2026-03-03", "emergency", advance, case, "issue_order", occurred_on=date(2026, 3, 3), fields=ORDER,
        evidence={"other": tuple(story.keep(name) for name in AWKWARD)},
    )  # fmt: skip
    order = story.order()
    story.publish(order, "2026-03-04", "emergency")
    for role, name in (("edited", "修改稿.docx"), ("sealed", "盖章件.pdf")):
        story.on("2026-03-05", "emergency", upload, order, story.keep(name), role, on=date(2026, 3, 5), text="演示备注")
    story.on("2026-03-09", "emergency", serve, order, SERVICE, story.keep("回证.pdf"))
    letter = story.sketch("credit_repair_letter", "2026-03-10", "natural_resources", case)
    story.publish(letter, "2026-03-10", "natural_resources")
    story.on("2026-03-11", "natural_resources", void, letter, on=date(2026, 3, 11), reason="演示作废理由")
    joint = story.sketch("list_request", "2026-03-12", "natural_resources", cases=(case, "2-1"))
    story.publish(joint, "2026-03-12", "natural_resources")
    story.sketch("credit_repair_letter", "2026-03-13", "natural_resources", case)
    story.morning("2026-04-24")
    return case
