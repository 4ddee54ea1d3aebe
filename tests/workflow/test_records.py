"""What the plan leaves open is filled by a named person with a source; deadlines that waited for it are counted."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from office.running.installation import Office
from tests.story import Story
from tests.workflow.dump import everything
from workflow.errors import BadInput, CaseFileError, NotFound
from workflow.ledger import find_case
from workflow.models import Event, Mine, OpenValue
from workflow.records import record_value
from workflow.register import add_organ
from workflow.views import Actor

CLERK = Actor("office", "group_office")
ON = date(2025, 4, 1)


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十一号砂岩矿")


def fill(office: Office, case: str, name: str, value: str, source: str = "演示文件") -> None:
    with office.writing() as session:
        record_value(session, case, name, value, actor=CLERK, on=ON, source=source)


def test_a_value_becomes_the_mines_and_an_entry_of_the_case(story: Story) -> None:
    case = story.open("intake", "2025-03-20")
    fill(story.office, case, "remaining_life", "３．５")

    found = story.view(case)
    assert (found.mine.facts["remaining_life"], found.version) == ("3.5", 2)
    with story.office.reading() as session:
        entry = session.exec(select(Event).where(Event.case_id == found.id, Event.kind == "record")).one()
    assert (entry.actor, entry.occurred_on) == ("office", ON)
    assert (entry.data["fields"], entry.data["source"]) == ({"remaining_life": "3.5"}, "演示文件")
    story.sound()


def test_an_open_value_is_closed_with_who_when_and_where_from(office: Office) -> None:
    with office.reading() as session:
        row = session.exec(select(OpenValue).where(OpenValue.name == "township_id")).first()
        assert row is not None
        case = find_case(session, session.get_one(Mine, row.mine_id).code).number
        key = row.id
    with office.writing() as session:
        add_organ(session, "township_demo", "演示县演示镇人民政府", "township")
    fill(office, case, "township_id", "演示县演示镇人民政府")

    with office.reading() as session:
        filled = session.get_one(OpenValue, key)
        assert find_case(session, case).mine.township_id == "township_demo"
    assert (filled.filled_by, filled.filled_on, filled.source) == ("office", ON, "演示文件")
    assert filled.value == "township_demo"


@pytest.mark.parametrize(
    ("name", "value", "source", "kind", "saying"),
    [
        ("valid_to", "2025-02-30", "演示", BadInput, "没有这一天"),
        ("remaining_life", "很多", "演示", BadInput, "应为数字"),
        ("township_id", "不存在的镇", "演示", BadInput, "没有名为“不存在的镇”的单位"),
        ("服务年限", "3", "演示", BadInput, "不是登记项的代号"),
        ("remaining_life", "3", " ", BadInput, "“来源”不能为空"),
        ("production_status", "甲\u202e乙", "演示", BadInput, "看不见的控制字符"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    story: Story, name: str, value: str, source: str, kind: type[CaseFileError], saying: str
) -> None:
    case = story.open("intake", "2025-03-20")
    before = everything(story.office.engine)

    with pytest.raises(kind, match=saying):
        fill(story.office, case, name, value, source)

    assert everything(story.office.engine) == before


def test_an_unknown_case_is_refused(story: Story) -> None:
    with pytest.raises(NotFound, match="没有编号为“9-99”的案件"):
        fill(story.office, "9-99", "contact", "演示")
