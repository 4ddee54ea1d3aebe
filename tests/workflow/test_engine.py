"""The one writer of a case's state: it writes everything or nothing, and only one clerk wins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, col, select

from office.running.installation import Office
from states.fields import Field
from states.kernel import Step
from tests.story import Story
from tests.workflow.dump import everything
from workflow.database import writing
from workflow.engine import advance, advance_many, open_case
from workflow.errors import BadInput, CaseFileError, Conflict, NotFound, StepRefused
from workflow.ledger import find_case
from workflow.models import Attachment, Case, Event, Mine
from workflow.register import find_mine
from workflow.views import Actor, CaseView, Entry, StoredFile

CLERK = Actor("office", "group_office")
RESOURCES = Actor("natural_resources", "natural_resources")
DAY = date(2025, 4, 1)
PAPER = StoredFile("0" * 64, "paper.pdf", 1)
NOTICE = {
    "enforcer": "natural_resources", "legal_ground": "expired", "findings": "演示事实", "legal_basis": "演示法第一条",
    "remedy": "演示救济途径",
}  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示三号砂岩矿", holder="演示三号矿业公司")


@pytest.fixture
def case(story: Story) -> str:
    """A closure whose notice waits to be written."""
    return story.open("closure", "2025-03-31", exit_year="2025")


def notice(case: str, **changes: Any) -> Entry:
    """The entry of a closure notice, as it should be, but for what a test changes."""
    given: dict[str, Any] = {
        "trigger": "issue_closure_notice",
        "actor": RESOURCES,
        "occurred_on": DAY,
        "fields": NOTICE,
    }
    return Entry(case, **{**given, **changes})


def enter(session: Session, entry: Entry) -> CaseView:
    return advance(
        session, entry.case, entry.trigger, actor=entry.actor, occurred_on=entry.occurred_on, fields=entry.fields,
        evidence=entry.evidence, expected_version=entry.expected_version,
    )  # fmt: skip


def refused(office: Office, entry: Entry, kind: type[CaseFileError], saying: str) -> None:
    """The entry is refused with a sentence and leaves the whole database as it was."""
    before = everything(office.engine)
    with pytest.raises(kind, match=saying) as error, office.writing() as session:
        enter(session, entry)
    assert str(error.value).endswith("。")
    assert everything(office.engine) == before


def test_a_step_on_an_outdated_view_is_a_conflict_and_changes_nothing(office: Office, case: str) -> None:
    with office.writing() as session:
        enter(session, notice(case, expected_version=1))

    delist = notice(
        case, trigger="serve_closure_notice", fields={"served_on": "2025-04-01"}, expected_version=1,
        evidence={"service_receipt": (PAPER,)},
    )  # fmt: skip
    refused(office, delist, Conflict, "已被他人更新（您看到第 1 次记录，现为第 2 次）")


@pytest.mark.parametrize("expected", [1, None])
def test_of_many_clerks_on_one_case_exactly_one_wins(office: Office, story: Story, expected: int | None) -> None:
    # A race is worth a few tries.
    for case in [story.open("closure", "2025-03-31", exit_year="2025") for _ in range(3)]:
        assert_one_wins(office, case, expected)
    story.sound()


def assert_one_wins(office: Office, case: str, expected: int | None, clerks: int = 6) -> None:
    together = Barrier(clerks)

    def clerk(_: int) -> str:
        together.wait()
        try:
            with writing(office.engine) as session:
                enter(session, notice(case, expected_version=expected))
        except CaseFileError as error:
            return type(error).__name__
        return "won"

    with ThreadPoolExecutor(clerks) as pool:
        outcomes = sorted(pool.map(clerk, range(clerks)))
    # Whoever did not look at a version is told that the step is no longer possible.
    loss = "BadInput" if expected is None else outcomes[0]
    assert outcomes == [loss] * (clerks - 1) + ["won"]
    assert loss in ("Conflict", "BadInput")
    with office.reading() as session:
        found = find_case(session, case)
        assert (found.state, found.version) == ("notice_issued", 2)


def test_two_batches_over_the_same_cases_in_opposite_order_do_not_block_each_other(
    office: Office, story: Story
) -> None:
    numbers = [story.open("rectification", "2025-03-31", breach="演示事实") for _ in range(6)]
    together = Barrier(2)

    def batch(order: list[str]) -> int:
        together.wait()
        entries = [
            Entry(n, "suspend", CLERK, DAY, {"reason": "演示", "basis": "演示"}, {"suspension_ground": (PAPER,)})
            for n in order
        ]
        with writing(office.engine) as session:
            return sum(isinstance(result, CaseView) for result in advance_many(session, entries))

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(batch, [numbers, numbers[::-1]]))

    assert sorted(taken) == [0, 6]
    story.sound()


def test_clerks_on_different_cases_share_one_gapless_history(office: Office, story: Story) -> None:
    numbers = [story.open("rectification", "2025-03-31", breach="演示事实") for _ in range(8)]
    fields = {"reason": "演示理由", "basis": "演示依据"}

    def clerk(number: str) -> int:
        with writing(office.engine) as session:
            return enter(
                session, Entry(number, "suspend", CLERK, DAY, fields, {"suspension_ground": (PAPER,)})
            ).version  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(clerk, numbers)) == [2] * 8

    with office.reading() as session:
        seqs = session.exec(select(Event.seq).order_by(col(Event.seq))).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
    story.sound()


@pytest.mark.parametrize(
    ("change", "kind", "saying"),
    [
        ({"case": "9-99"}, NotFound, "没有编号为“9-99”的案件"),
        ({"trigger": "fly"}, NotFound, "没有代号为“fly”的环节。目前可以办理：出具拟关闭告知书"),
        ({"trigger": "archive"}, BadInput, "不能办理“.*”。目前可以办理"),
        ({"fields": {**NOTICE, "colour": "red"}}, BadInput, "没有名为“colour”的填写项"),
        ({"fields": {}}, BadInput, "请填写“作出机关”.*请填写“关闭事由”.*请填写“查明的事实和证据”"),
        ({"fields": {**NOTICE, "enforcer": "group_office"}}, BadInput, "只能选择"),
        ({"fields": {**NOTICE, "findings": "  "}}, BadInput, "不能为空"),
        ({"fields": {**NOTICE, "findings": "甲\u202e乙"}}, BadInput, "看不见的控制字符"),
        ({"occurred_on": date(2025, 3, 30)}, BadInput, "早于上一环节的办理日期 2025-03-31"),
        ({"actor": CLERK}, StepRefused, "无权签发《拟关闭事先"),
        ({"actor": Actor("water", "water")}, StepRefused, "县水务部门无权签发.*（责任：阳城县自然资源局"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words_and_changes_nothing(
    office: Office, case: str, change: dict[str, Any], kind: type[CaseFileError], saying: str
) -> None:
    refused(office, notice(**{"case": case, **change}), kind, saying)


def test_every_wrong_field_is_named_at_once(office: Office, case: str) -> None:
    refused(
        office, notice(case, fields={"enforcer": "x", "legal_ground": "y", "colour": "red"}), BadInput,
        "colour.*作出机关.*关闭事由.*查明的事实和证据.*法律依据.*救济途径",
    )  # fmt: skip


def served(case: str, **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "trigger": "serve_closure_notice", "fields": {"served_on": "2025-04-02"}, "occurred_on": date(2025, 4, 3),
        "evidence": {"service_receipt": (PAPER,)},
    }  # fmt: skip
    return notice(case, **{**given, **changes})


@pytest.fixture
def issued(office: Office, story: Story, case: str) -> str:
    """The same closure with its notice written and issued."""
    with office.writing() as session:
        enter(session, notice(case))
    story.issue(case, "closure_notice", DAY.isoformat())
    return case


@pytest.mark.parametrize("evidence", [{}, {"service_receipt": ()}, {"other": (PAPER,)}])
def test_a_step_without_its_paper_is_refused(office: Office, issued: str, evidence: dict[str, Any]) -> None:
    refused(office, served(issued, evidence=evidence), StepRefused, "缺少材料“送达回证”（责任：作出机关；依据：三")


@pytest.mark.parametrize("day", ["2025-04-04", "2099-01-01"])
def test_what_has_not_happened_yet_cannot_be_recorded(office: Office, issued: str, day: str) -> None:
    refused(office, served(issued, fields={"served_on": day}), BadInput, "晚于办理日期 2025-04-03，还没有发生")


def test_what_happened_on_the_very_day_can_be_recorded(office: Office, issued: str) -> None:
    with office.writing() as session:
        assert enter(session, served(issued, fields={"served_on": "2025年4月3日"})).facts["served_on"] == "2025-04-03"


def test_paper_attached_before_counts_and_is_tied_to_its_step(office: Office, issued: str) -> None:
    with office.writing() as session:
        waiting = Attachment(
            case_id=find_case(session, issued).id, evidence="service_receipt", filename="paper.pdf", sha256="0" * 64,
            size=1, added_by="office", added_on=DAY,
        )  # fmt: skip
        session.add(waiting)
    with office.writing() as session:
        # Another file comes along; it must not hide the one that was there.
        enter(session, served(issued, evidence={"other": (PAPER,)}))
    with office.reading() as session:
        ties = dict(session.exec(select(Attachment.evidence, Attachment.event_seq)).all())
        last = session.exec(select(Event.seq).order_by(col(Event.seq).desc())).first()
    assert ties == {"service_receipt": last, "other": last}


def test_a_refused_step_does_not_spoil_the_others_of_its_batch(office: Office, story: Story, case: str) -> None:
    other = story.open("rectification", "2025-03-31", breach="演示事实")
    order = Entry(
        other, "issue_order", RESOURCES, DAY,
        {"enforcer": "natural_resources", "breach": "演示事实", "legal_basis": "演示法第一条", "requirements": "演示要求",
         "rectify_by": "2025-06-30", "remedy": "演示途径", "contact": "演示电话"},
    )  # fmt: skip
    with office.writing() as session:
        results = advance_many(session, [notice("9-99"), notice(case), notice(case), order, served("1-1")])

    kinds = [type(result).__name__ for result in results]
    assert kinds == ["NotFound", "CaseView", "BadInput", "CaseView", kinds[4]]
    assert kinds[4] in ("NotFound", "BadInput")
    assert "出现了两次" in str(results[2])
    assert (story.state(case), story.state(other)) == ("notice_issued", "ordered")
    assert (story.view(case).version, story.view(other).version) == (2, 2)
    story.sound()


def test_a_case_that_cannot_be_opened_refuses_its_own_step_only(office: Office, story: Story, case: str) -> None:
    """The joint survey asks every unit; where one is not known, the other steps of the batch still count."""
    survey = story.open("new_right", "2025-03-31", transfer_year="2025")
    dispatch = find_step(story, survey, "dispatch_survey")
    with office.writing() as session:
        row = session.exec(select(Case).where(Case.number == survey)).one()
        row.state = dispatch.sources[0]
        mine = session.get_one(Mine, row.mine_id)
        mine.village_id = ""
        session.add_all([row, mine])
    entry = Entry(
        survey, dispatch.trigger, RESOURCES, DAY, {f.name: typed(f) for f in dispatch.fields},
        {e.name: (PAPER,) for e in dispatch.evidence},
    )  # fmt: skip
    with office.writing() as session:
        refusal, taken = advance_many(session, [entry, notice(case)])

    assert isinstance(refusal, StepRefused), refusal
    assert "尚未登记，无法征求意见" in str(refusal)
    assert isinstance(taken, CaseView)
    assert story.state(case) == "notice_issued"


def find_step(story: Story, case: str, trigger: str) -> Step:
    step = story.view(case).procedure.step(trigger)
    assert step is not None
    return step


def typed(field: Field) -> str:
    """Something that the field takes."""
    if field.choices:
        return next(iter(field.choices))
    plain = {"date": "2025-04-01" if field.past else "2025-06-30", "yes": "是", "number": "50", "money": "50",
             "days": "5", "document_number": "演政函〔2025〕5号"}  # fmt: skip
    return plain.get(field.type, "演示")


def test_a_transaction_rolled_back_leaves_no_trace(office: Office, case: str) -> None:
    before = everything(office.engine)
    with Session(office.engine) as session:
        taken = enter(session, notice(case))
        session.rollback()
    assert taken.state == "notice_issued"
    assert everything(office.engine) == before


def test_an_error_after_the_step_takes_the_step_with_it(office: Office, case: str) -> None:
    before = everything(office.engine)
    with pytest.raises(ZeroDivisionError), office.writing() as session:
        enter(session, notice(case))
        _ = 1 / 0
    assert everything(office.engine) == before


def test_a_halted_case_waits_and_cannot_go_on_before_it_was_halted(office: Office, story: Story, case: str) -> None:
    story.take(case, "suspend", "2025-04-10", reason="演示复议", basis="演示受理通知书")

    (blocker,) = story.refused(
        case, "issue_closure_notice", "2025-04-11", user="natural_resources", **NOTICE
    )  # fmt: skip
    assert "案件自 2025-04-10 起中止办理" in blocker.missing
    refused(
        office,
        Entry(case, "resume", CLERK, date(2025, 4, 9), {"reason": "演示"}),
        BadInput,
        "早于上一环节的办理日期 2025-04-10",
    )
    resumed = story.take(case, "resume", "2025-04-10", reason="演示维持")
    assert resumed.suspended_on is None


@pytest.mark.parametrize(
    ("procedure", "fields", "kind", "saying"),
    [
        ("flight", {}, NotFound, "没有代号为“flight”的程序"),
        ("closure", {}, BadInput, "请填写“关闭退出年度”"),
        ("closure", {"exit_year": "2019"}, BadInput, "应在 2020 到 2100 之间"),
        ("closure", {"exit_year": "2025", "colour": "red"}, BadInput, "没有名为“colour”"),
    ],
)
def test_a_case_is_not_opened_without_what_its_procedure_asks(
    office: Office, story: Story, procedure: str, fields: dict[str, str], kind: type[CaseFileError], saying: str
) -> None:
    before = everything(office.engine)
    with pytest.raises(kind, match=saying), office.writing() as session:
        mine = find_mine(session, story.mine)
        assert mine is not None
        open_case(
            session, procedure=procedure, mine=mine, actor=CLERK, occurred_on=DAY, fields=fields, source="演示数据"
        )
    assert everything(office.engine) == before


def test_numbers_of_one_mines_cases_are_never_given_twice(story: Story) -> None:
    numbers = [story.open("rectification", "2025-03-31", breach="演示事实") for _ in range(12)]
    assert len(set(numbers)) == 12
    assert numbers[:3] == [story.mine, f"{story.mine}/rectification-1", f"{story.mine}/rectification-2"]


def test_a_clock_step_is_nobodys_step(office: Office, story: Story) -> None:
    permit = story.open(
        "permit",
        "2025-03-31",
        purpose="cancel",
        permit_kind="mining",
        permit_number="演示",
        permit_valid_to="2025-04-30",
    )
    refused(office, Entry(permit, "expire", CLERK, DAY), NotFound, "没有代号为“expire”的环节")
