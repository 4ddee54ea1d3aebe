"""What the office takes out as workbooks: the ledger, opinions, notices, the weekly report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from office.cases.case_filter import SOON
from office.cases.case_rows import Row
from office.cases.opinions import Asked
from office.notices.notice_words import KINDS, STATUSES
from office.sheets.dressing import LATE, soon
from office.sheets.writing import DAY, MOMENT, THOUSANDS, Book, Column, sheet
from workflow.clock import OFFICE
from workflow.models import Notice

_DAYS_LEFT = Column("剩余天数", 10, marked=(LATE, soon(SOON.days)))
_LEDGER = (
    Column("序号", 6), Column("案件编号", 18), Column("矿山（矿业权）名称", 34), Column("矿山编号", 10), Column("采矿权人", 26),
    Column("采矿许可证号", 26), Column("矿种", 10), Column("规模", 18), Column("乡镇", 10), Column("程序", 14),
    Column("办理对象", 24), Column("当前环节", 18), Column("责任单位", 24), Column("办理期限", 12, DAY), _DAYS_LEFT,
    Column("说明", 20), Column("年度", 8), Column("立案日期", 12, DAY), Column("进入环节日期", 12, DAY),
    Column("办结日期", 12, DAY), Column("演示数据", 10),
)  # fmt: skip
_NO_ANSWER = ("=", '"未反馈"', "#FDECEA", "#A3211A")
_OPINIONS = (
    Column("序号", 6), Column("征求意见的案件", 18), Column("矿山（区块）", 34), Column("单位", 30),
    Column("结论", 14, marked=(_NO_ANSWER,)), Column("意见内容", 50), Column("征求日期", 12, DAY), Column("反馈日期", 12, DAY),
    Column("反馈期限", 12, DAY), _DAYS_LEFT, Column("状态", 12), Column("征求意见编号", 24), Column("演示数据", 10),
)  # fmt: skip
_NOTICES = (
    Column("序号", 6), Column("通知编号", 10), Column("日期", 12, DAY), Column("收件单位", 30), Column("主题", 60),
    Column("类别", 12), Column("结果", 12), Column("发出时间", 18, MOMENT), Column("已试次数", 10, THOUSANDS),
    Column("地址", 30), Column("邮件编号", 40), Column("对方答复或原因", 40),
)  # fmt: skip
_WEEK = (
    Column("序号", 6), Column("案件编号", 18), Column("矿山名称", 34), Column("采矿权人", 26), Column("程序", 14),
    Column("当前环节", 18), Column("责任单位", 24), Column("期限", 12, DAY), _DAYS_LEFT, Column("下一步", 30), Column("说明", 20),
)  # fmt: skip
_STEPS = (
    Column("序号", 6), Column("案件编号", 18), Column("矿山名称", 34), Column("办理事项", 34), Column("办理日期", 12, DAY),
    Column("办理单位", 30),
)  # fmt: skip
_COUNTS = (Column("项目", 16), Column("名称", 30), Column("件数", 12, THOUSANDS))
_SUMS = {"total": "列入台账", "open": "在办", "closed": "办结", "overdue": "逾期", "due_soon": "近期到期"}


def ledger_sheet(rows: Iterable[Row], plan: Mapping[str, Any], *, today: date, by: str) -> bytes:
    """整治台账; days left are red when late and amber when due within 30 days."""
    title = f"{plan.get('county', '')}非煤矿产资源综合整治提升工作台账"
    lines = (_ledger_line(place, row) for place, row in enumerate(rows, 1))
    return sheet(title, f"导出时间：{today}　导出人：{by}", _LEDGER, lines)


def _ledger_line(place: int, row: Row) -> Sequence[object]:
    said = (
        "已中止" if row.suspended_on else "暂定" if row.provisional else row.no_day or ("" if row.due_on else "待明确")
    )
    return (
        place, row.number, row.mine, row.mine_code, row.holder, row.permit, row.mineral, row.scale, row.township, row.label,
        row.subject, row.state_label, row.lead, row.due_on, row.days_left, "" if row.closed_on else said, row.year,
        row.opened_on, row.entered_on, row.closed_on, "是" if row.demo else "",
    )  # fmt: skip


def opinions_sheet(rows: Iterable[tuple[str, Asked]], title: str, line: str) -> bytes:
    """会签意见 with the number of the case that asks before each; who is silent is named as 未反馈."""
    return sheet(title, line, _OPINIONS, (
        (place, about, row.mine, row.organ, row.answer_label, row.text, row.asked_on, _day(row.answered_on),
         None if row.answered else row.due_on, None if row.answered else row.days_left, row.state_label, row.number,
         "是" if row.demo else "")
        for place, (about, row) in enumerate(rows, 1)
    ))  # fmt: skip


def notices_sheet(rows: Iterable[tuple[Notice, str]], organs: Mapping[str, str], title: str, line: str) -> bytes:
    """通知记录, each with its subject."""
    return sheet(title, line, _NOTICES, (
        (place, notice.id, notice.planned_on, organs.get(notice.recipient_id, notice.recipient_id) or "责任单位待明确",
         subject, KINDS.get(notice.kind, "其他通知"), STATUSES[notice.status][0],
         notice.sent_at and notice.sent_at.astimezone(OFFICE).replace(tzinfo=None), notice.attempt, notice.address,
         notice.message_id, notice.reply)
        for place, (notice, subject) in enumerate(rows, 1)
    ))  # fmt: skip


def weekly_sheet(group: Mapping[str, Any], plan: Mapping[str, Any], *, by: str) -> bytes:
    """调度表: the same values as the paper of this name, in three sheets."""
    book, county = Book(), plan.get("county", "")
    line = (
        f"调度期间：{group['week_from']} 至 {group['week_to']}　制表：{by}　办理记录链头：{group['chain_head'] or '无'}"
    )
    book.add(f"{county}非煤矿山综合整治提升工作调度表", line, _WEEK, (
        (place, row["number"], row["mine"], row["holder"], row["route"], row["state"], row["lead"], _day(row["due_on"]),
         row["days_left"], row["next"], row["note"])
        for place, row in enumerate(group["rows"], 1)
    ), name="逾期和近期到期")  # fmt: skip
    book.add("本周办理事项", line, _STEPS, (
        (place, row["number"], row["mine"], row["step"], _day(row["occurred_on"]), row["organ"])
        for place, row in enumerate(group["moved"], 1)
    ))  # fmt: skip
    sums = [("合计", label, group["counts"][name]) for name, label in _SUMS.items()]
    kinds = (("按程序", "by_route"), ("按环节", "by_state"))
    sums += [(label, one["name"], one["count"]) for label, name in kinds for one in group[name]]
    book.add("汇总", line, _COUNTS, sums, counted=False)
    return book.data()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
