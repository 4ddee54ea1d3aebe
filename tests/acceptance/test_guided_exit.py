"""A mine is led out of business: talks, stop day, compensation; then it does not stop and is closed instead."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from office.running.installation import Office
from tests.story import TOWNSHIP, Story
from workflow.models import Case, Deadline

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
AGREED = {"restore_by": "2026-12-31", **LAW}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path)


def _negotiating(story: Story, name: str, valid_to: str) -> str:
    """A mine in talks about its exit in 2026."""
    story.register(
        name, holder="演示二号矿业公司", mineral="石灰岩", licence_number="C1405002016117130143388",
        valid_from="2016-11-29", valid_to=valid_to,
    )  # fmt: skip
    case = story.open("guided_exit", "2026-01-05", exit_year="2026")
    story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
    return case


def test_a_stop_day_after_the_licence_expiry_is_refused(story: Story) -> None:
    case = _negotiating(story, "演示二号石灰岩矿", "2026-06-30")

    (late,) = story.refused(case, "fix_dates", "2026-02-02", stop_on="2026-07-01", **AGREED)

    assert late.missing == "“停产日期”2026-07-01 晚于采矿许可证到期日 2026-06-30，应改到该日或之前"
    story.take(case, "fix_dates", "2026-02-02", stop_on="2026-06-30", **AGREED)
    story.sound()


def test_a_stop_day_after_the_exit_year_is_refused(story: Story) -> None:
    case = _negotiating(story, "演示三号石灰岩矿", "2028-06-30")

    (late,) = story.refused(
        case, "fix_dates", "2026-02-02", stop_on="2027-01-15", **{**AGREED, "restore_by": "2027-12-31"}
    )

    assert late.missing == "“停产日期”2027-01-15 晚于关闭退出年度 2026 年"
    (inverted,) = story.refused(
        case, "fix_dates", "2026-02-02", stop_on="2026-09-30", **{**AGREED, "restore_by": "2026-09-30"}
    )
    assert inverted.missing == "“修复治理期限”2026-09-30 应晚于“停产日期”2026-09-30"
    story.sound()


def test_production_stops_only_after_the_compensation_is_settled(story: Story) -> None:
    case = _negotiating(story, "演示二号石灰岩矿", "2026-06-30")
    story.take(case, "fix_dates", "2026-02-02", stop_on="2026-05-31", **AGREED)
    assert story.due(case, "confirm_stop") == date(2026, 5, 31)

    assert "不能办理“核实停产”" in story.rejected(case, "confirm_stop", "2026-02-03", stopped_on="2026-02-03")
    (open_,) = story.refused(case, "settle_compensation", "2026-02-03", user="working_group")
    assert open_.missing == f"补偿事项：{case}/compensation-1（补偿评估中）"

    _compensate(story, case)
    story.take(case, "settle_compensation", "2026-03-20", user="working_group")
    story.take(case, "confirm_stop", "2026-05-29", user=TOWNSHIP, stopped_on="2026-05-28")
    (restoration,) = story.tracks(case, "restoration")
    assert story.due(restoration, "report_self_check") == date(2026, 12, 31)
    story.sound()


def _compensate(story: Story, case: str) -> None:
    (track,) = story.tracks(case, "compensation")
    story.take(track, "propose", "2026-02-20", amount="1200000", legal_basis="演示法第二条")
    story.take(
        track,
        "approve",
        "2026-03-12",
        approval_number="演政函〔2026〕7号",
        approval_date="2026-03-10",
        amount="1000000",
    )


def test_a_mine_that_does_not_stop_is_closed_after_a_new_approval(story: Story) -> None:
    case = _negotiating(story, "演示二号石灰岩矿", "2026-06-30")
    story.take(case, "fix_dates", "2026-02-02", stop_on="2026-05-31", **AGREED)
    _compensate(story, case)
    story.take(case, "settle_compensation", "2026-03-20")
    approval = {"approval_number": "演政函〔2026〕21号", "approval_date": "2026-06-05", "reason": "到期未停产"}

    (unapproved,) = story.refused(case, "convert_to_closure", "2026-06-08", without="approval", **approval)
    assert unapproved.missing == "缺少材料“县政府批复或会议纪要”"
    done = story.take(case, "convert_to_closure", "2026-06-08", user="county_government", **approval)

    assert (done.state, done.slots, done.closed_on) == ("converted_to_closure", (), date(2026, 6, 8))
    old = story.rows(select(Deadline).join(Case).where(Case.number == case, Deadline.status == "open"))
    assert old == []
    closure = story.view(f"{case}/closure-1")
    assert (closure.procedure_id, closure.state) == ("closure", "listed")
    assert closure.facts == {"exit_year": "2026", **approval}
    # The licence's expiry comes before the closing year's end; what had been agreed is void.
    assert story.dues(closure.number) == {"confirm_stop": date(2026, 6, 30), "accept_closure": date(2026, 12, 31)}
    story.sound()
