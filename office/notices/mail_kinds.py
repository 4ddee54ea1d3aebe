"""Every kind of message: what it is for, when it goes out, to whom; each with fictional values to be rendered from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications.render import Message, render
from office.notices.notice_words import KINDS


@dataclass(frozen=True, slots=True)
class MailKind:
    """One kind of message."""

    id: str
    purpose: str
    when: str
    to: str
    #: Fictional values in the shape of the real ones.
    payload: Mapping[str, Any]

    @property
    def title(self) -> str:
        return KINDS[self.id]

    @property
    def example(self) -> Message:
        """Written by the same code, from the same template, as what is sent."""
        return render(self.id, self.payload)


_DAY, _ORGAN = "2026-11-23", "演示县演示镇人民政府"
_CASE = {"recipient": _ORGAN, "date": _DAY, "case": "演示-1", "mine": "演示甲矿", "procedure": "引导退出"}
_ITEM = {
    "case": "演示-1", "mine": "演示甲矿", "procedure": "引导退出", "state": "已停产", "step": "组织关闭", "clause": "五(二)",
    "lead": _ORGAN, "cooperating": ["演示县自然资源局"], "due_on": "2026-11-29", "days_left": 6, "provisional": False,
    "basis": "方案规定", "basis_source": "附件2", "lane": "remind", "level": "remind", "offset": -7,
    "blockers": ["缺少材料“停产现场照片”"], "how": "办理后请在系统中登记。",
}  # fmt: skip
_LATE = {
    **_ITEM, "case": "演示-2", "mine": "演示乙矿", "step": "核实停产", "due_on": "2026-11-02", "days_left": -21,
    "lane": "escalate", "level": "supervise", "offset": 15, "blockers": [],
}  # fmt: skip
_ACT = {
    **_CASE, "state": "已停产", "step": "组织关闭", "lead": _ORGAN, "clause": "五(二)", "due_on": "2026-11-29", "days_left": 6,
    "basis": "方案规定", "actor": "演示县整治提升工作组办公室", "reason": "（演示：要求和时限）",
}  # fmt: skip
_BEAT = "随下一次心跳发出；邮件只在工作日 8 时至 18 时发"
_ONCE = f"{_BEAT}，每件每天最多一封"

MAILS: tuple[MailKind, ...] = (
    MailKind(
        "digest", "把一个单位当天到了提醒时点的事项合成一封：督办通报在前，逾期其次，将到期在后，附日程文件。",
        "每个工作日早晨扫描后，有事项才发；时点由提醒阶梯决定", "事项的责任单位；督办、通报档次的发工作组办公室，由其决定是否签发",
        {"recipient": _ORGAN, "date": _DAY, "items": [_ITEM, _LATE]},
    ),
    MailKind(
        "heartbeat", "系统日报：上次发出、失败、存疑的件数和今日安排，印有办理记录校验值。没有收到，说明系统可能已停。",
        "每个工作日一封，没有事项也发", "工作组办公室",
        {"date": _DAY, "previous": {"as_of": "2026-11-20", "planned": 4, "sent": 3, "failed": 0, "doubtful": 1, "no_contact": 0},
         "today": {"due": 5, "planned": 3, "superseded": 1, "no_contact": 1}, "missing_contacts": ["演示县演示局"],
         "provisional_years": [2027], "chain": "0a1b2c3d4e5f", "import_calendar": 2027},
    ),
    MailKind(
        "moved", "上一单位办完一个环节，告诉下一个环节的责任单位办什么、期限到哪天。", f"登记后{_BEAT}",
        "下一个环节的责任单位；是自己登记的不发",
        {**_CASE, "step": "明确停产日期", "occurred_on": _DAY, "clause": "四(二)2", "from_label": "协商退出",
         "to_label": "退出日期已定", "actor": "演示县整治提升工作组", "documents": ["停产通知书"],
         "next": [{"step": "核实停产", "lead": _ORGAN, "due_on": "2026-11-29", "days_left": 6}]},
    ),
    MailKind(
        "lapsed", "日期一到由系统自动记录的事项（如许可证到期），请责任单位核对。", f"记录后{_BEAT}", "下一个环节的责任单位",
        {**_CASE, "step": "采矿许可证到期", "occurred_on": "2026-11-22", "clause": "三(二)1(2)", "to_label": "许可证已到期"},
    ),
    MailKind(
        "urge", "有人催办：要求谁、在什么时候之前、做什么。", f"按下“催办”后{_ONCE}", "当前环节的责任单位", _ACT,
    ),
    MailKind(
        "supervise", "事项列入督办；督办单以书面签发的为准。", f"按下“督办”后{_ONCE}", "当前环节的责任单位", _ACT,
    ),
    MailKind(
        "copied", "请另一个单位查阅案件；收到的单位只看，不因此承担办理责任。", f"按下“抄送”后{_BEAT}",
        "被抄送的单位", {**_ACT, "recipient": "演示县应急管理局"},
    ),
    MailKind(
        "survey_gaps", "调查摸底还缺哪些情况，逐矿列出。", "在“调查摸底”预览并确认后；同一单位每天最多一封",
        "应当提供这些情况的单位",
        {"recipient": "演示县应急管理局", "date": _DAY, "actor": "演示县整治提升工作组办公室", "due_on": None, "left": 0,
         "mines": [{"mine": "演示甲矿", "code": "演示-1", "lacks": "安全生产许可证有效期、安全生产条件"}], "mines_total": 1,
         "values_total": 2, "reason": "（演示：说明）"},
    ),
    MailKind(
        "test", "核对发信是否正常，不涉及任何矿山，不进通知记录。", "在“发信设置”按下“发测试邮件”时立即发出", "当时填写的邮箱",
        {"recipient": "收件人", "by": "演示管理员", "date": _DAY},
    ),
)  # fmt: skip
