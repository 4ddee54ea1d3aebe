"""A fictional mine with papers, for the pages about documents: drafts, one issued, and the files that go with them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from freezegun import freeze_time
from lxml import html

from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from workflow.issuing import draft
from workflow.models import Document
from workflow.numbering import add_series
from workflow.views import Actor

TODAY = "2026-11-24"
OFFICE, BUREAU = Actor("office", "group_office"), Actor("natural_resources", "natural_resources")
ORDER = {
    "enforcer": "natural_resources", "breach": "未按方案修复", "legal_basis": "演示法第三条", "requirements": "恢复边坡",
    "rectify_by": "2026-12-31", "remedy": "演示救济途径", "contact": "演示电话",
}  # fmt: skip
#: What the letter out of the abnormal list asks for, beyond what the mine's register knows.
LETTER = {
    "registrar_name": "演示登记机关", "listed_on": "2026-01-01", "result": "整改到位，同意移出。",
    "mine.licence_number": "C1405002016117130149999",
}  # fmt: skip
SERVICE = {"served_on": TODAY, "service_way": "direct", "served_by": "演示甲、演示乙", "received_by": "演示丙"}
PDF = b"%PDF-1.4 scan"


def desk_of(office: Office, folder: Path) -> tuple[Story, str]:
    """A mine under a rectification order that is drafted, with the series to number it in."""
    with freeze_time(at_nine(TODAY)), office.writing() as session:
        add_series(
            session, "演自然资责改", "natural_resources", ["F27"], actor=OFFICE, source="演示数据", year=2026, last=12
        )
        add_series(session, "演自然资函", "natural_resources", [], actor=OFFICE, source="演示数据")
    story = Story(office, folder).register("演示十二号砂岩矿", holder="演示十二号矿业公司", mineral="砂岩")
    case = story.open("rectification", "2026-11-20", breach="未按方案修复")
    story.take(case, "issue_order", "2026-11-20", user="natural_resources", **ORDER)
    return story, case


def drafted(story: Story, kind: str, *cases: str, actor: Actor = BUREAU, typed: Mapping[str, str] | None = None) -> int:
    """A draft made by hand; of several cases, one joint paper."""
    with freeze_time(at_nine(TODAY)), story.office.writing() as session:
        joint, case = (cases, "") if len(cases) > 1 else ((), "".join(cases))
        made = draft(session, kind, case, actor=actor, on=date.fromisoformat(TODAY), cases=joint)
        made.data = dict(typed or {})
        session.add(made)
        return made.id or 0


def document(story: Story, document_id: int) -> Document:
    """What the database holds."""
    with story.office.reading() as session:
        found = session.get_one(Document, document_id)
        session.expunge(found)
        return found


def tree(answer: Any) -> Any:
    return html.fromstring(answer.text)
