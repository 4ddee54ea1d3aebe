"""The texts: each fact that an official needs, and the same words from the same payload."""

import re
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from notifications.ics import calendar
from notifications.render import Unwritable, render
from tests.notifications.desk import Clock, payload


def item(**changes: Any) -> dict[str, Any]:
    plain = {
        "case": "9-1", "mine": "虚构石料厂", "procedure": "关闭取缔", "state": "已列入", "step": "组织关闭验收",
        "clause": "四(一)3", "lead": "县自然资源局", "cooperating": ["县应急管理局", "晋城市生态环境局阳城分局"],
        "due_on": "2026-12-23", "days_left": 30, "provisional": False, "basis": "方案规定", "basis_source": "四(一)3",
        "lane": "remind", "level": "remind", "offset": -30, "blockers": [], "how": "办理后请在系统中登记。",
    }  # fmt: skip
    return plain | changes


def late(days: int, **changes: Any) -> dict[str, Any]:
    return item(**{"days_left": -days, "due_on": "2026-11-01", "level": "overdue", "offset": days} | changes)


def digest(*items: dict[str, Any]) -> dict[str, Any]:
    return {"recipient": "县自然资源局", "date": "2026-11-23", "items": list(items)}


class TestDigest:
    def test_an_item_says_what_which_mine_on_what_ground_by_when_who_and_how(self) -> None:
        body = render("digest", digest(item(blockers=["缺验收材料（责任：县自然资源局；依据：四(一)3）"]))).body
        for line in (
            "1. 组织关闭验收",
            "矿山：虚构石料厂（9-1，关闭取缔，当前：已列入）",
            "期限：2026年12月23日，还剩30天",
            "期限性质：方案规定（四(一)3）",
            "依据：四(一)3",
            "责任单位：县自然资源局",
            "配合单位：县应急管理局、晋城市生态环境局阳城分局",
            "尚缺：缺验收材料（责任：县自然资源局；依据：四(一)3）",
            "如何办理：办理后请在系统中登记。",
        ):
            assert f"   {line}\n" in body or f"{line}\n" in body
        assert body.startswith("县自然资源局：\n")

    def test_the_summary_counts_overdue_soon_and_other(self) -> None:
        message = render(
            "digest",
            digest(
                late(1, case="1"), late(9, case="2", lane="escalate", level="supervise"),
                item(case="3", days_left=0, due_on="2026-11-23"), item(case="4", days_left=7, due_on="2026-11-30"),
                item(case="5", days_left=8, due_on="2026-12-01"),
            ),
        )  # fmt: skip
        assert message.subject == "【矿山整治提醒】2026年11月23日：逾期2件、7日内到期2件、其他1件"
        assert "共5件：逾期 2 件、7 日内到期 2 件、其他 1 件" in message.body

    def test_escalations_come_first_then_the_longest_overdue_then_what_is_next(self) -> None:
        body = render(
            "digest",
            digest(
                item(case="soon", days_left=3, due_on="2026-11-26"), late(2, case="late"), late(40, case="later"),
                late(16, case="supervised", lane="escalate", level="supervise"), item(case="far"),
                late(31, case="criticised", lane="escalate", level="criticise"),
            ),
        ).body  # fmt: skip
        assert re.findall(r"（(\w+)，关闭取缔", body) == ["criticised", "supervised", "later", "late", "soon", "far"]
        assert re.findall(r"^.、(\w+)（", body, re.MULTILINE) == [
            "督办与通报事项", "已逾期事项", "即将到期事项",
        ]  # fmt: skip

    def test_the_same_duty_in_both_lanes_is_told_once(self) -> None:
        both = digest(late(22), late(22, lane="escalate", level="supervise"))
        assert "共1件" in render("digest", both).body

    def test_days_are_told_in_words(self) -> None:
        for days, words in ((0, "今天到期"), (1, "还剩1天"), (-1, "已逾期1天")):
            assert words in render("digest", digest(item(days_left=days))).body

    def test_a_proposal_of_ours_is_never_taken_for_law(self) -> None:
        body = render("digest", digest(item(basis="内部建议时限", basis_source="便于年底前完成"))).body
        assert "期限性质：内部建议时限（便于年底前完成）；不是方案或法律规定的期限" in body

    def test_a_provisional_day_is_marked(self) -> None:
        message = render("digest", digest(item(provisional=True)))
        assert "2026年12月23日，还剩30天（暂定：" in message.body
        assert message.events[0].summary.endswith("（暂定）")

    def test_drafts_are_for_people_to_decide(self) -> None:
        body = render("digest", digest(late(31, lane="escalate", level="criticise"))).body
        assert "是否通报由负责人决定，系统不会自行通报" in body
        assert "督办单草稿" in render("digest", digest(late(16, lane="escalate", level="supervise"))).body

    def test_what_is_still_to_come_is_a_calendar_entry_with_a_uid_that_stays(self) -> None:
        first = render("digest", digest(item(), late(3, case="9-2"))).events
        moved = render("digest", digest(item(due_on="2027-01-15", days_left=53))).events
        assert [event.on for event in first] == [date(2026, 12, 23)]
        assert first[0].uid == moved[0].uid
        assert first[0].uid != render("digest", digest(item(case="9-3"))).events[0].uid


def test_a_moved_case_tells_what_happened_and_what_is_next() -> None:
    message = render(
        "moved",
        payload(
            from_label="已列入", to_label="已下达决定", actor="县自然资源局", documents=["责令限期整改通知书"],
            next=[{"step": "组织验收", "lead": "县应急管理局", "due_on": "2026-12-01", "days_left": 8},
                  {"step": "移送", "lead": "县公安部门", "due_on": None, "days_left": None}],
        ),
    )  # fmt: skip
    assert message.subject == "【矿山整治进展】虚构石料厂（9-1）进入“已下达决定”，请办理下一步"
    assert "已由“已列入”进入“已下达决定”" in message.body
    assert "已拟文书草稿：责令限期整改通知书" in message.body
    assert "1. 组织验收\n   责任单位：县应急管理局\n   期限：2026年12月1日，还剩8天\n" in message.body
    assert "2. 移送\n   责任单位：县公安部门\n   期限：尚无确定日期\n" in message.body
    assert [event.on for event in message.events] == [date(2026, 12, 1)]


def test_a_lapse_says_that_the_clock_recorded_it_and_nobody_else() -> None:
    message = render("lapsed", payload())
    assert message.subject == "【矿山整治提示】虚构石料厂（9-1）：采矿许可证到期"
    for words in (
        "由系统自动记录，未经人工办理",
        "发生日期：2026年11月22日",
        "现处状态：许可证已到期",
        "依据：四(一)1",
    ):
        assert words in message.body
    assert message.events == ()


class TestHeartbeat:
    def slip(self, **changes: Any) -> str:
        plain: dict[str, Any] = {
            "date": "2026-11-23", "previous": None, "missing_contacts": [], "provisional_years": [], "chain": "3f2a9c",
            "today": {"due": 0, "planned": 0, "superseded": 0, "no_contact": 0},
        }  # fmt: skip
        return render("heartbeat", plain | changes).body

    def test_it_comes_also_when_every_figure_is_zero(self) -> None:
        assert "计划通知 0 件" in self.slip()
        assert "这是第一份日报" in self.slip()
        assert "办理记录校验值：3f2a9c" in self.slip()

    def test_it_shows_what_went_wrong_and_what_to_do(self) -> None:
        previous = {"as_of": "2026-11-20", "planned": 9, "sent": 5, "failed": 1, "doubtful": 2, "no_contact": 1}
        body = self.slip(previous=previous, missing_contacts=["虚构村"], provisional_years=[2027, 2028])
        assert "计划 9 件，已发 5 件，失败（含被拒收） 1 件，存疑 2 件，缺联系方式 1 件" in body
        assert "请办理：存疑 2 件可能已发出" in body
        assert "缺联系方式的单位：虚构村" in body
        assert "2027、2028" in body


@pytest.mark.parametrize("kind", ["unknown", "../../etc/passwd", "", "digest.txt", "Digest"])
def test_an_unknown_kind_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(Unwritable, match="这类通知的文字模板，请检查"):
        render(kind, {})


@pytest.mark.parametrize("payload", [{}, {"items": None}, {"items": [{}]}, digest({**item(), "days_left": "x"})])
def test_a_payload_that_lacks_something_is_refused_with_a_sentence(payload: dict[str, Any]) -> None:
    with pytest.raises(Unwritable, match="内容不完整"):
        render("digest", payload)


def test_the_attachment_is_one_calendar_of_all_day_entries() -> None:
    events = render("digest", digest(item(), item(case="9-2", due_on="2027-02-28"))).events
    read = Calendar.from_ical(calendar(events, Clock().at))
    entries: list[Any] = read.walk("VEVENT")
    assert [str(read["VERSION"]), str(read["METHOD"])] == ["2.0", "PUBLISH"]
    assert [entry["DTSTART"].dt for entry in entries] == [date(2026, 12, 23), date(2027, 2, 28)]
    assert [entry["DTEND"].dt for entry in entries] == [date(2026, 12, 24), date(2027, 3, 1)]
    assert "责任单位：县自然资源局" in str(entries[0]["DESCRIPTION"])
    assert {str(entry["UID"]) for entry in entries} == {event.uid for event in events}
