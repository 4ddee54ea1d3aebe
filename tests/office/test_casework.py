"""Going back, handing over, urging: each leaves an entry of its own, and the history still replays."""

from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import Session, col, select

from notifications.render import render
from office.cases import casework, handing
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from workflow.errors import BadInput, Conflict, NotFound
from workflow.models import Case, CasePerson, Document, Event, Notice, User
from workflow.register import actor_named
from workflow.views import Actor

DAY = date(2026, 2, 3)
DATES = {"stop_on": "2026-05-31", "restore_by": "2026-12-31", "legal_basis": "演示法第一条", "remedy": "演示救济途径"}
OFFICE, BUREAU, TOWN = (
    Actor("office", "group_office"), Actor("natural_resources", "natural_resources"), Actor(TOWNSHIP, TOWNSHIP)
)  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示十号砂岩矿", holder="演示十号矿业公司", mineral="砂岩")


@pytest.fixture
def case(story: Story) -> str:
    """A guided exit after two steps by two organs, which has opened a compensation track."""
    number = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(number, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    story.take(number, "fix_dates", "2026-02-02", user="working_group", **DATES)
    return number


def _writing(story: Story) -> Session:
    return story.office.writing()  # type: ignore[return-value]


def _kinds(story: Story) -> list[str]:
    return story.rows(select(Event.trigger).where(Event.kind == "act").order_by(col(Event.seq)))


@freeze_time(at_nine(DAY))
def test_an_organ_withdraws_its_own_latest_entry(story: Story, case: str) -> None:
    with _writing(story) as session:
        casework.withdraw(session, case, actor_named(session, "working_group"), DAY, "停产日期录错")
    assert story.state(case) == "negotiating"
    assert story.tracks(case, "compensation") == []
    story.sound()


@freeze_time(at_nine(DAY))
def test_an_entry_of_another_organ_is_not_withdrawn(story: Story, case: str) -> None:
    for actor in (TOWN, OFFICE):
        with pytest.raises(BadInput, match="只有原办理单位可以撤回"), _writing(story) as session:
            casework.withdraw(session, case, actor, DAY, "演示")
    assert story.state(case) == "stop_date_fixed"


@freeze_time(at_nine(DAY))
def test_nothing_is_withdrawn_once_another_organ_has_acted(story: Story, case: str) -> None:
    story.fill(case, "valid_to", "2027-06-30", "2026-02-03", user="natural_resources")
    with (
        pytest.raises(BadInput, match="阳城县自然资源局已在“明确停产日期和修复治理期限”之后办理"),
        _writing(story) as session,
    ):
        casework.withdraw(session, case, actor_named(session, "working_group"), DAY, "演示")
    assert story.state(case) == "stop_date_fixed"


@freeze_time(at_nine(DAY))
def test_being_urged_does_not_take_the_right_to_withdraw(story: Story, case: str) -> None:
    with _writing(story) as session:
        handing.urge(session, case, OFFICE, DAY, "请抓紧")
    with _writing(story) as session:
        casework.withdraw(session, case, actor_named(session, "working_group"), DAY, "演示")
    assert story.state(case) == "negotiating"
    story.sound()


@freeze_time(at_nine(DAY))
def test_a_case_is_returned_over_several_steps_in_one_go(story: Story, case: str) -> None:
    opened, talked, _ = _points(story, case)
    preview = casework.return_preview(story.office.engine, case, opened.seq, OFFICE, DAY, "演示")

    assert [point.title for point in preview.signed] == ["明确停产日期和修复治理期限", "约谈企业，启动协商"]
    assert {paper.kind for paper in preview.outcome.voided} == {
        "stop_notice", "restoration_term_notice", "supply_stop_letter", "power_stop_letter",
    }  # fmt: skip
    assert preview.outcome.children_voided == ((f"{case}/compensation-1", "退出补偿"),)
    assert preview.outcome.state_after == "列入引导退出名录"
    assert story.state(case) == "stop_date_fixed"  # nothing was done yet

    with _writing(story) as session:
        casework.return_to(session, case, opened.seq, OFFICE, DAY, "重新协商")
    view = story.view(case)
    assert (view.state, view.version) == ("listed", 5)
    assert story.dues(case) == {"confirm_stop": date(2026, 12, 31), "accept_closure": date(2026, 12, 31)}
    entries = story.rows(select(Event.data).where(Event.kind == "correct").order_by(col(Event.seq)))
    assert [entry["reason"] for entry in entries] == ["重新协商", "重新协商"]
    assert entries[1]["corrects"] == talked.seq
    story.sound()


def _points(story: Story, case: str) -> list[casework.Point]:
    with story.office.reading() as session:
        return casework.points(session, session.exec(select(Case).where(Case.number == case)).one())


@freeze_time(at_nine(DAY))
def test_a_return_stops_whole_where_a_later_case_was_worked_on(story: Story, case: str) -> None:
    (track,) = story.tracks(case, "compensation")
    story.take(track, "propose", "2026-02-03", amount="1200000", legal_basis="演示法第二条")
    before = story.view(case)
    with pytest.raises(BadInput, match="已经办理过，请先逐一更正"), _writing(story) as session:
        casework.return_to(session, case, _points(story, case)[0].seq, OFFICE, DAY, "演示")
    assert story.view(case) == before


@freeze_time(at_nine(DAY))
def test_a_return_stops_where_a_document_is_out(story: Story, case: str) -> None:
    story.issue(case, "stop_notice", "2026-02-03")
    with pytest.raises(BadInput, match="已经出具：请先作废"), _writing(story) as session:
        casework.return_to(session, case, _points(story, case)[1].seq, OFFICE, DAY, "演示")
    assert story.state(case) == "stop_date_fixed"


@freeze_time(at_nine(DAY))
def test_others_return_over_their_own_entries_only(story: Story, case: str) -> None:
    points = _points(story, case)
    with story.office.reading() as session:
        row = session.exec(select(Case).where(Case.number == case)).one()
        assert casework.return_points(session, row, TOWNSHIP) == []
        assert casework.return_points(session, row, "working_group") == [points[1], points[0]]
        assert casework.return_points(session, row, "group_office") == [points[1], points[0]]
    with pytest.raises(BadInput, match="不能退回到第"), _writing(story) as session:
        casework.return_to(session, case, points[0].seq, TOWN, DAY, "演示")
    with pytest.raises(BadInput, match="不能为空"), _writing(story) as session:
        casework.return_to(session, case, points[0].seq, OFFICE, DAY, "  ")
    with pytest.raises(Conflict), _writing(story) as session:
        casework.return_to(session, case, points[0].seq, OFFICE, DAY, "演示", expected_version=1)
    with pytest.raises(NotFound), _writing(story) as session:
        casework.withdraw(session, "no-such", OFFICE, DAY, "演示")


@freeze_time(at_nine(DAY))
def test_a_case_is_handed_to_a_colleague_and_on_again(story: Story, case: str) -> None:
    with _writing(story) as session:
        session.add(User(id="bureau_two", name="演示二号", organ_id="natural_resources", role="clerk"))
    with _writing(story) as session:
        assert handing.transfer(session, case, BUREAU, "bureau_two", DAY, "外出培训") == "演示二号"
    with pytest.raises(BadInput, match="现在就由"), _writing(story) as session:
        handing.transfer(session, case, BUREAU, "bureau_two", DAY, "外出培训")
    with _writing(story) as session:
        handing.transfer(session, case, BUREAU, "natural_resources", DAY, "已经回来")
    with pytest.raises(BadInput, match="只能转给本单位"), _writing(story) as session:
        handing.transfer(session, case, BUREAU, TOWNSHIP, DAY, "演示")

    rows = story.rows(select(CasePerson.account_id, CasePerson.ended_on).order_by(col(CasePerson.id)))
    assert rows == [("bureau_two", DAY), ("natural_resources", None)]
    assert _kinds(story) == ["transferred", "transferred"]
    story.sound()


@freeze_time(at_nine(DAY))
def test_a_copy_is_given_told_and_taken_back(story: Story, case: str) -> None:
    with _writing(story) as session:
        assert handing.copy(session, case, OFFICE, "water", "", DAY, "供查阅") == "县水务部门"
    with pytest.raises(BadInput, match="已经抄送"), _writing(story) as session:
        handing.copy(session, case, OFFICE, "water", "", DAY, "供查阅")
    with pytest.raises(BadInput, match="请选择抄送单位"), _writing(story) as session:
        handing.copy(session, case, OFFICE, "no_such", "", DAY, "供查阅")
    (notice,) = story.rows(select(Notice).where(Notice.kind == "copied"))
    assert notice.recipient_id == "water"
    assert "供查阅" in render(notice.kind, notice.payload).body
    (row,) = story.rows(select(CasePerson.id))
    with _writing(story) as session:
        handing.uncopy(session, case, OFFICE, row, DAY)
    assert _kinds(story) == ["copied", "uncopied"]
    story.sound()


@freeze_time(at_nine(DAY))
def test_a_case_is_urged_once_a_day(story: Story, case: str) -> None:
    story.correct(case, "2026-02-03", "演示")
    with _writing(story) as session:
        assert (
            handing.urge(session, case, OFFICE, DAY, "请于本周内明确停产日期") == "阳城县非煤矿产资源综合整治提升工作组"
        )
    with pytest.raises(BadInput, match="今天（2026-02-03）已经催办过"), _writing(story) as session:
        handing.urge(session, case, OFFICE, DAY, "再催")
    with freeze_time(at_nine("2026-02-04")), _writing(story) as session:
        handing.urge(session, case, OFFICE, date(2026, 2, 4), "再催")

    notices = story.rows(select(Notice).where(Notice.kind == "urge").order_by(col(Notice.id)))
    assert [n.recipient_id for n in notices] == ["working_group"] * 2
    message = render(notices[0].kind, notices[0].payload)
    assert message.subject == f"【矿山整治催办】请办理演示十号砂岩矿（{case}）的“明确停产日期和修复治理期限”"
    assert "请于本周内明确停产日期" in message.body
    assert _kinds(story) == ["urged", "urged"]
    assert story.file(case, "2026-02-04")["history"][-1]["title"] == "催办"
    story.sound()


@freeze_time(at_nine(DAY))
def test_an_urging_letter_goes_out(story: Story, case: str) -> None:
    with _writing(story) as session:
        handing.urge(session, case, OFFICE, DAY, "请抓紧")
    story.office.deliver(by_hand=True)
    letters = [message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in story.mails("working_group")]
    (urged,) = [letter for letter in letters if "催办" in letter["Subject"]]
    assert "催办内容：请抓紧" in urged.get_body(("plain",)).get_content()
    assert story.rows(select(Notice.status).where(Notice.kind == "urge")) == ["sent"]


@freeze_time(at_nine(DAY))
def test_supervision_drafts_a_slip_and_tells_the_organ(story: Story, case: str) -> None:
    with _writing(story) as session:
        slip = handing.supervise(
            session, case, OFFICE, DAY, "至今没有明确", {"requirements": "限期办结", "reply_by": ""}
        )
        assert slip.data == {"request": "至今没有明确", "requirements": "限期办结"}
    with pytest.raises(BadInput, match="已经督办过"), _writing(story) as session:
        handing.supervise(session, case, OFFICE, DAY, "再次督办")
    (status,) = story.rows(select(Document.status).where(Document.kind == "supervision_slip"))
    assert status == "draft"  # whether it is issued, a person decides
    assert story.rows(select(Notice.recipient_id).where(Notice.kind == "supervise")) == ["working_group"]
    assert _kinds(story) == ["supervised"]


@freeze_time(at_nine(DAY))
def test_what_does_not_move_a_case_is_not_taken_back_by_a_correction(story: Story, case: str) -> None:
    with _writing(story) as session:
        handing.urge(session, case, OFFICE, DAY, "请抓紧")
    story.correct(case, "2026-02-03", "停产日期录错")
    assert story.state(case) == "negotiating"
    assert _kinds(story) == ["urged"]
    story.sound()
