"""A new version of the plan's data (N15): tried out, confirmed, each move with its reason; and what it never does."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.papers.papers import rewritten
from office.plan.amending import take_in, version_of
from office.plan.ladder_setting import change as set_ladder
from office.plan.plan_file import read_folder
from office.running.installation import Office
from tests.amended import GONE, HOLDER, LATER, NEW_ROW, NUMBER, SHORTER, YANGCHENG, Edit, amended
from tests.conftest import at_nine
from tests.story import Story
from tests.workflow.dump import everything, execute
from workflow.amendment import Amendment
from workflow.audit import verify
from workflow.context import context_of
from workflow.errors import BadInput, Conflict
from workflow.issuing import paper_of
from workflow.models import Deadline, DeadlineChange, Document, Mine, OpenValue, Organ, Permit, PlanVersion, Setting
from workflow.paper import paper_data
from workflow.plan.versions import plan_in_force
from workflow.register import add_organ
from workflow.versions import versions
from workflow.views import Actor

DAY = "2026-11-23"
ACTOR = Actor("office", "group_office")
GIVEN = {"basis": NUMBER, "reason": "演示：方案修订"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path, "2-4")


def take(office: Office, folder: Path, *, keep: bool = True, day: str = DAY, **more: Any) -> Amendment:
    with freeze_time(at_nine(day)), office.writing() as session:
        found = take_in(session, read_folder(folder), actor=ACTOR, **{**GIVEN, **more})
        if not keep:
            session.rollback()
    return found


def sound(office: Office) -> None:
    with office.reading() as session:
        assert list(verify(session)) == []


def one(office: Office, query: Any) -> Any:
    with office.reading() as session:
        return session.exec(query).one()


def test_a_rehearsal_tells_all_and_writes_nothing(story: Story, tmp_path: Path) -> None:
    folder = amended(tmp_path, LATER, SHORTER, HOLDER, GONE, new=NEW_ROW)
    before = everything(story.office.engine)

    found = take(story.office, folder, keep=False)

    assert everything(story.office.engine) == before
    assert [(m.case, m.step, str(m.old), str(m.new), m.why) for m in found.moves] == [
        ("2-4", "关闭验收合格", "2026-12-31", "2027-12-31", "关闭退出年度 2026 → 2027"),
        ("2-5", "核实停产", "2027-09-29", "2026-12-01", "有效期止 2027-09-29 → 2026-12-01"),
    ]
    assert [(row.kind, row.place) for row in found.difference.rows] == [
        ("changed", "附件2 第4行"), ("changed", "附件2 第5行"), ("new", "附件3 第9行"), ("gone", "附件3 第5行"),
    ]  # fmt: skip
    assert [o.case for o in found.opened] == ["3-9"]
    assert [(d.mine, d.key) for d in found.decisions] == [("2-4", "2-4:holder"), ("3-5", "")]
    # The same once more comes to the same.
    assert take(story.office, folder, keep=False).fingerprint == found.fingerprint


def test_what_is_confirmed_counts_with_reason_and_basis(story: Story, tmp_path: Path) -> None:
    office, folder = story.office, amended(tmp_path, LATER, SHORTER, GONE, new=NEW_ROW)
    number = "C1405002011057130112846"
    permit = replace(story, mine="2-5").open(
        "permit",
        "2026-11-02",
        purpose="cancel",
        permit_kind="mining",
        permit_number=number,
        permit_valid_to="2027-09-29",
    )
    seen = take(office, folder, keep=False).fingerprint

    found = take(office, folder, seen=seen)

    assert story.dues("2-4") == {"confirm_stop": date(2026, 11, 29), "accept_closure": date(2027, 12, 31)}
    changes = one(office, select(DeadlineChange).join(Deadline).where(Deadline.trigger == "accept_closure"))
    assert (changes.old_due, changes.new_due) == (date(2026, 12, 31), date(2027, 12, 31))
    assert (changes.reason, changes.basis, changes.actor) == (GIVEN["reason"], NUMBER, "office")
    entry = next(e for e in story.file("2-4", DAY)["history"] if e["trigger"] == "amend")
    assert (entry["title"], entry["fields"], entry["reason"]) == ("方案调整", {"exit_year": "2027"}, GIVEN["reason"])
    # The licence's own row and its case follow, and the plan that every case knows.
    assert story.due(permit, "expire") == date(2026, 12, 1)
    assert one(office, select(Permit.valid_to).where(Permit.number == number)) == date(2026, 12, 1)
    with office.reading() as session:
        assert context_of(session).plan["number"] == NUMBER
        assert [v.number for v in session.exec(select(PlanVersion))] == ["阳政办发〔2025〕17号", NUMBER]
        told = version_of(session, 2)
    assert [m["case"] for m in told.changes["moves"]] == ["2-4", "2-5", permit]
    # A new row opens as the first loading does; a row that is gone leaves its case as it was and asks a person.
    assert (story.state("3-9"), story.view("3-9").opened_on) == ("block_planned", date(2026, 11, 20))
    assert story.view("3-5").closed_on is None
    asked = one(office, select(OpenValue).where(OpenValue.name == "off_list_v2"))
    assert (asked.asked_of, asked.value, asked.clause) == ("working_group", None, "附件3")
    assert found.version is not None
    sound(office)
    # Starting again with the old folder does not bring the old plan back.
    with freeze_time(at_nine(DAY)):
        office.init()
    with office.reading() as session:
        assert context_of(session).plan["number"] == NUMBER
        plan = plan_in_force(session)
    assert plan == replace(read_folder(folder)[0], rows=plan.rows if plan else ())


def test_a_step_taken_back_does_not_bring_the_old_list_back(story: Story, tmp_path: Path) -> None:
    story.fill("2-4", "township_id", "阳城县河北镇人民政府", "2026-11-02")
    story.take("2-4", "open_talks", "2026-11-03", talked_on="2026-11-03")
    take(story.office, amended(tmp_path, LATER))
    assert story.view("2-4").facts["exit_year"] == "2027"

    after = story.correct("2-4", DAY, "演示：登记错了")

    assert (after.state, after.facts["exit_year"]) == ("listed", "2027")
    assert story.due("2-4", "accept_closure") == date(2027, 12, 31)
    sound(story.office)


def test_issued_papers_cite_the_old_version_and_drafts_the_new_one(story: Story, tmp_path: Path) -> None:
    office = story.office
    story.fill("2-4", "township_id", "阳城县河北镇人民政府", "2026-11-02")
    story.take("2-4", "open_talks", "2026-11-03", talked_on="2026-11-03")
    story.take(
        "2-4",
        "fix_dates",
        "2026-11-05",
        stop_on="2026-11-20",
        restore_by="2027-06-30",
        legal_basis="演示依据",
        remedy="演示救济",
    )
    old = story.issue("2-4", "supply_stop_letter", "2026-11-10")
    assert old.snapshot
    bytes_of_old = rewritten(office, old)

    take(office, amended(tmp_path, LATER))

    with office.reading() as session:
        kept = session.get_one(Document, old.id)
        assert kept.snapshot == old.snapshot
        assert [kept.snapshot["plan"][key] for key in ("number", "issued_on")] == ["阳政办发〔2025〕17号", "2025-03-20"]
        assert rewritten(office, kept) == bytes_of_old
        files = {v.filename: office.store.path(v.sha256).read_bytes() for v in versions(session, kept.id or 0)}
    assert files == bytes_of_old
    # A draft of the same step is written from what counts on the day of issue: the new plan, and its year.
    new = story.issue("2-4", "power_stop_letter", DAY)
    assert new.snapshot
    assert (new.snapshot["plan"]["number"], new.snapshot["facts"]["exit_year"]) == (NUMBER, "2027")
    # A day before the new plan was issued, it could not be cited.
    draft = story.draft("2-4", "restoration_term_notice")
    with freeze_time(at_nine(DAY)), office.reading() as session:
        values = [
            paper_data(session, paper_of(session, draft, on=day)) for day in (date(2026, 11, 19), date(2026, 11, 20))
        ]
    assert [v["plan"]["number"] for v in values] == ["阳政办发〔2025〕17号", NUMBER]
    sound(office)


def test_another_holder_is_a_persons_decision(story: Story, tmp_path: Path) -> None:
    office, folder = story.office, amended(tmp_path, HOLDER)
    found = take(office, folder, keep=False)
    assert [(d.key, "演示采矿权人" in d.question) for d in found.decisions] == [("2-4:holder", True)]
    with pytest.raises(BadInput, match="不是这次可以采用"):
        take(office, folder, accepted=frozenset({"2-5:holder"}))

    take(office, folder, seen=found.fingerprint, accepted=frozenset({"2-4:holder"}))

    mine = one(office, select(Mine).where(Mine.code == "2-4"))
    assert mine.holder == "演示采矿权人"
    assert one(office, select(Organ.name).where(Organ.id == mine.facts["holder_id"])) == "演示采矿权人"
    assert one(office, select(Organ.id).where(Organ.name == "崔敏峰")) == "holder_2-4", "papers were served on it"
    # Not accepted, the record stays, and the question stands among the open values.
    take(office, amended(tmp_path, ("plan.toml", "2026-11-20", "2026-11-21")), basis="演〔2026〕100号")
    asked = one(office, select(OpenValue).where(OpenValue.name == "listed_holder_v3"))
    assert (one(office, select(Mine.holder).where(Mine.code == "2-4")), asked.value) == ("演示采矿权人", None)
    sound(office)


def test_what_somebody_recorded_since_is_not_overwritten(story: Story, tmp_path: Path) -> None:
    story.fill("2-5", "valid_to", "2028-03-01", "2026-11-02")
    found = take(story.office, amended(tmp_path, SHORTER))
    assert found.moves == []
    mine = one(story.office, select(Mine).where(Mine.code == "2-5"))
    assert mine.facts["valid_to"] == "2028-03-01"
    assert ["2028-03-01" in d.question for d in found.decisions] == [True]


def test_ladders_numbers_organs_and_questions_follow(story: Story, tmp_path: Path) -> None:
    office = story.office
    with freeze_time(at_nine(DAY)), office.writing() as session:
        own = replace(context_of(session).ladders["short"], before=(9, 0))
        set_ladder(session, own, actor="office")
    name = "阳城县行政审批服务管理局"
    found = take(office, amended(
        tmp_path, ("ladders.toml", "before = [60, 30, 15, 7, 3, 1, 0]", "before = [45, 0]"),
        ("ladders.toml", "before = [5, 3, 1, 0]", "before = [6, 0]"),
        ("thresholds.toml", 'least = "30"', 'least = "40"'),
        ("organs.toml", f'name = "{name}"', 'name = "阳城县演示审批局"'),
        ("open_values.csv", "annex3,mineral_use", "annex2,demo_value,演示事项,approval,二(一)\nannex3,mineral_use"),
        ("clauses.csv", "四(二)3,", "四(二)3,0123456789abcdef\n四(二)9,"),
    ))  # fmt: skip
    with office.reading() as session:
        ladders = context_of(session).ladders
        assert (ladders["standard"].before, ladders["short"].before) == ((45, 0), (9, 0))
        floor = session.get_one(Setting, "thresholds").value["floor"][0]
        assert floor["least"] == "40"
        organ = session.exec(select(Organ).where(Organ.id == "approval")).one()
        assert organ.name == "阳城县演示审批局"
        asked = session.exec(select(OpenValue).where(OpenValue.name == "demo_value")).all()
    assert len(asked) == 5
    assert {c.key for c in found.difference.clauses} == {"四(二)3", "四(二)9"}
    assert found.reminders > 0
    assert any("自行调整" in note for note in found.notes)
    with freeze_time(at_nine(DAY)):
        office.init()
    with office.reading() as session:
        assert context_of(session).ladders["standard"].before == (45, 0)


def test_a_renumbered_list_keeps_its_mines_and_numbers_new_ones_apart(story: Story, tmp_path: Path) -> None:
    """Row 5 of annex 3 goes and its number goes to another block: neither its case nor its code is taken over."""
    row = NEW_ROW.replace("9,", "5,", 1)
    found = take(story.office, amended(tmp_path, GONE, new=row))
    assert [(o.mine, o.case) for o in found.opened] == [("3-5.2", "3-5.2")]
    assert story.view("3-5").mine.name == "阳城县演礼镇东庄村石灰岩矿"
    again = take(
        story.office,
        amended(tmp_path, GONE, ("plan.toml", "2026-11-20", "2026-11-21"), new=row),
        basis="演〔2026〕100号",
    )
    assert again.difference.rows == ()
    sound(story.office)


def test_a_new_row_that_people_have_registered_already_gets_no_second_mine(story: Story, tmp_path: Path) -> None:
    office = story.office
    known = Story(office, tmp_path).register("演示新区块石灰岩矿", block=True)
    case = known.open("new_right", "2026-11-02", transfer_year="2027")
    (met,) = take(office, amended(tmp_path, new=NEW_ROW)).opened
    assert (met.case, met.mine, met.is_new) == (case, known.mine, False)
    with office.reading() as session:
        assert len(session.exec(select(Mine).where(Mine.name == "演示新区块石灰岩矿")).all()) == 1
    sound(office)


REFUSED: dict[str, tuple[tuple[Edit, ...], str]] = {
    "another county": ((("plan.toml", 'county = "阳城县"', 'county = "演示县"'),), "这是演示县的方案，现行的是阳城县"),
    "older": ((("plan.toml", "issued_on = 2026-11-20", "issued_on = 2024-11-20"),), "早于现行方案的 2025-03-20"),
    "of another": ((("plan.toml", 'amends = "阳政办发〔2025〕17号"', 'amends = "演〔2020〕1号"'),), "修订“演〔2020〕1号”"),
    "without a ladder": ((("ladders.toml", "[opinion]", "[opinions]"),), "ladders.toml 缺少提醒阶梯 [opinion]"),
    "organ registered already": (
        (("organs.toml", "[[organ]]", '[[organ]]\nid = "waters"\nname = "演示水务"\nkind = "unit"\nsource = "演示"\n\n[[organ]]'),),
        "已以代号 unit_demo 登记",
    ),
}  # fmt: skip


def test_what_cannot_follow_is_refused_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    with office.writing() as session:
        add_organ(session, "unit_demo", "演示水务", "unit")
    before = everything(office.engine)
    for edits, sentence in REFUSED.values():
        with pytest.raises(BadInput, match=re.escape(sentence)):
            take(office, amended(tmp_path, *edits))
    for missing in ("basis", "reason"):
        with pytest.raises(BadInput, match="不能为空"):
            take(office, amended(tmp_path), **{missing: " "})
    assert take(office, YANGCHENG).difference.empty
    with pytest.raises(BadInput, match="完全相同"):
        take(office, YANGCHENG, seen="0" * 32)
    assert everything(office.engine) == before


def test_a_rehearsal_that_no_longer_holds_is_a_conflict(story: Story, tmp_path: Path) -> None:
    office, folder = story.office, amended(tmp_path, LATER)
    seen = take(office, folder, keep=False).fingerprint
    story.fill("2-4", "production_status", "演示：停产", "2026-11-02")
    assert take(office, folder, keep=False).fingerprint == seen, "what has nothing to do with it does not matter"
    take(office, amended(tmp_path, SHORTER))
    before = everything(office.engine)
    with pytest.raises(Conflict, match="没有写入"):
        take(office, folder, seen=seen)
    assert everything(office.engine) == before


def test_a_version_changed_behind_the_program_is_found(story: Story, tmp_path: Path) -> None:
    take(story.office, amended(tmp_path, LATER))
    execute(story.office.engine, "UPDATE plan_version SET changes = '{}' WHERE number = :n", n=NUMBER)
    with story.office.reading() as session:
        assert [breach.where for breach in verify(session)] == ["方案版本 2"]


def test_a_database_older_than_versions_gets_its_first_one_once(office: Office) -> None:
    kept = one(office, select(PlanVersion))
    assert (kept.number, kept.basis, len(kept.data["rows"])) == ("阳政办发〔2025〕17号", "阳政办发〔2025〕17号", 13)
    execute(office.engine, "DELETE FROM plan_version")
    with freeze_time(at_nine(DAY)):
        office.init()
        office.init()
    assert one(office, select(PlanVersion)).data == kept.data
    # Where the folder is another one by now, the first version is what the database itself knows.
    setting = one(office, select(Setting).where(Setting.name == "plan")).value
    execute(office.engine, "DELETE FROM plan_version")
    other = json.dumps({**setting, "overall_by": "2025-12-30"}, ensure_ascii=False)
    execute(office.engine, "UPDATE setting SET value = :v WHERE name = 'plan'", v=other)
    with freeze_time(at_nine(DAY)):
        office.init()
    known = one(office, select(PlanVersion)).data
    assert known["unknown"] == ["fingerprints", "thresholds", "questions"]
    assert known["dates"]["overall_by"] == {"on": "2025-12-30", "clause": ""}
    for key in ("mine", "name", "facts", "case_facts", "procedure"):
        assert [row[key] for row in known["rows"]] == [row[key] for row in kept.data["rows"]], key
    # And an amendment compares with that: only what it knows.
    found = take(office, YANGCHENG, keep=False)
    assert [change.key for change in found.difference.dates][:1] == ["survey_by"]
    assert (found.difference.clauses, found.difference.rows, found.difference.thresholds) == ((), (), ())
