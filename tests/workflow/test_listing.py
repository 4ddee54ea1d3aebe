"""The lists of the case file, the thresholds as a setting, and who has issued a licence."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, select

from office.running.installation import Office
from states import parties as p
from states.list_check import check_plan, check_rows
from states.listed import Finding
from tests.conftest import at_nine
from tests.states.published import BODIES, GROUND, PLAN, ROWS
from tests.story import Story
from tests.web.statements import statements
from workflow.context import bump_revision, context_of
from workflow.errors import BadInput, DatabaseUnfit
from workflow.ledger import find_case
from workflow.list_paper import list_check_group
from workflow.listing import bodies, ground_of, listed_rows
from workflow.models import Mine, Permit, Setting
from workflow.thresholds import THRESHOLDS
from workflow.views import resolve

TODAY = GROUND.today


def found(session: Session) -> list[Finding]:
    context = context_of(session)
    rows = listed_rows(session, context)
    return [*check_rows(rows, ground_of(context, TODAY)), *check_plan(bodies(session), PLAN.number)]


def table(findings: list[Finding]) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for one in findings:
        rows[one.place][one.rule] = one.verdict
    return rows


def test_the_case_file_says_of_the_published_rows_what_the_annexes_say(office: Office) -> None:
    with office.reading() as session, statements(office.engine) as sent:
        known = found(session)
    assert table(known) == table([*check_rows(ROWS, GROUND), *check_plan(BODIES, PLAN.number)])
    assert len(sent) <= 12
    assert [f.sources for f in known if (f.place, f.rule) == ("附件2第4行", "L2")] == [
        ("阳政办发〔2025〕17号 附件2 第4行",)
    ]


def test_what_was_filled_in_since_settles_a_doubt_and_says_who_said_it(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path)
    story.fill("2-4", "resources_exhausted", "是", "2026-11-20")
    story.register("演示后列石灰岩矿", mineral="石灰岩", scale="10", holder="演示矿业公司")
    case = story.open("closure", "2026-11-02", exit_year="2026")
    with office.reading() as session:
        known = found(session)
        group = list_check_group(session, TODAY)
    (one,) = [f for f in known if (f.place, f.rule) == ("附件2第4行", "E1")]
    assert one.verdict == "hit"
    assert "工作组办公室值班账号 2026-11-20 填写：演示数据" in one.sources
    # What was listed later stands behind the annexes, under its own code.
    assert [row["place"] for row in group["rows"]][-1] == f"整治台账 {story.mine}"
    assert {f.rule: f.verdict for f in known if f.code == story.mine}["L8"] == "unknown"
    assert case


def test_an_older_database_gets_the_thresholds_at_the_start_and_an_amendment_outlives_it(office: Office) -> None:
    with office.writing() as session:
        session.delete(session.get_one(Setting, THRESHOLDS))
        bump_revision(session)
    with office.reading() as session, pytest.raises(DatabaseUnfit, match="请先运行 minecase init"):
        _ = context_of(session).yardsticks
    with freeze_time(at_nine("2026-11-23")):
        assert not office.init()
    with office.writing() as session:
        row = session.get_one(Setting, THRESHOLDS)
        assert row.value == PLAN.thresholds
        floors: list[dict[str, Any]] = row.value["floor"]
        row.value = {**row.value, "floor": [{**floor, "least": "5"} for floor in floors]}
        bump_revision(session)
    with freeze_time(at_nine("2026-11-24")):
        office.init()
    with office.reading() as session:
        assert {str(floor.least) for floor in context_of(session).yardsticks.floors} == {"5"}
        assert table(found(session))["附件2第3行"]["E3"] == "unknown"


@pytest.mark.parametrize(
    ("licence", "organ"),
    [("C1400002016113120143311", "registrar_140000"), ("C1405002016117130143312", "registrar_140500"),
     ("C1199992016117130143313", "演示登记机关")],
)  # fmt: skip
def test_a_registered_licence_goes_back_to_who_issued_it(
    office: Office, tmp_path: Path, licence: str, organ: str
) -> None:
    story = Story(office, tmp_path).register(
        "演示砂岩矿", mineral="砂岩", licence_number=licence, registrar="演示登记机关"
    )  # fmt: skip
    case = story.open("permit", "2026-11-02", purpose="cancel", permit_kind="mining", permit_number=licence)
    with office.reading() as session:
        mine = session.exec(select(Mine).where(Mine.code == story.mine)).one()
        assert session.exec(select(Permit.registrar).where(Permit.mine_id == mine.id)).one() == organ
        context, view = context_of(session), find_case(session, case)
        known = organ if organ in context.organs else ""
        assert resolve(p.REGISTRAR, view.judged(context, TODAY)) == known


@pytest.mark.parametrize(("mine", "organ"), [("2-1", "registrar_140500"), ("2-3", "registrar_140000")])
def test_a_published_licence_goes_back_to_who_issued_it(office: Office, mine: str, organ: str) -> None:
    with office.reading() as session:
        context, view = context_of(session), find_case(session, mine)
        assert resolve(p.REGISTRAR, view.judged(context, TODAY)) == organ
        assert session.exec(select(Permit.registrar).where(Permit.mine_id == view.mine.id)).one() == organ


def test_a_wrong_credit_code_is_refused_and_a_missing_licence_is_no_permit(office: Office, tmp_path: Path) -> None:
    story = Story(office, tmp_path)
    with pytest.raises(BadInput, match="校验位对不上"):
        story.fill("2-4", "business_licence_number", "91140522MA0000000X", "2026-11-20")
    story.fill("2-4", "business_licence_number", "无", "2026-11-20")
    story.fill("2-5", "business_licence_number", "91140522ma0000000k", "2026-11-20")
    with office.reading() as session:
        assert session.exec(select(Permit.number).where(Permit.kind == "business")).all() == ["91140522MA0000000K"]
