"""Yes, no or not known: what a mine's facts answer to one question, with the words and what is missing.

Facts come from anywhere (surveys, lists, forms), so whatever cannot be read counts as not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from states.fields import printable
from states.thresholds import Yardsticks

#: The facts that the criteria read, by name, as an official would ask for them.
FACTS: dict[str, str] = {
    "as_of": "判断日期", "is_mining": "正在开采", "licence_number": "采矿许可证号", "valid_to": "采矿许可证有效期至",
    "safety_permit_number": "安全生产许可证编号", "safety_permit_valid_to": "安全生产许可证有效期至",
    "near_exhausted": "资源濒临枯竭", "meets_requirements": "达到整改要求", "renewal_granted": "已获准续期",
    "obsolete_process": "使用应当淘汰的危及生产安全的工艺", "unsafe_after_suspension": "停产整顿后仍不具备安全生产条件",
    "illegal_works": "存在违法违规开采建设", "illegal_works_rectified": "违法违规开采建设已整改到位",
    "safe_conditions": "具备安全生产条件", "other_breach": "存在其他违反法律法规的情形",
    "government_decision": "县政府研究决定关闭", "resources_exhausted": "资源已经枯竭",
    "idle_months": "已停工停产停建月数", "idle_limit_months": "认定长期停工的月数（由县里确定）",
    "scale": "生产规模（万吨/年）", "mineral": "开采矿种", "mineral_use": "矿产用途", "mining_method": "开采方式（露天或地下）",
    "remaining_life": "剩余可采资源服务年限（年）", "under_construction": "正在基建",
    "build_by": "批准的基建期（含延期）届满日", "completed_on": "竣工日期", "target_scale": "提升后生产规模（万吨/年）",
    "scale_class": "由人认定的规模等级", "mechanised": "已实现机械化", "automated": "已实现自动化、智能化",
    "green_mine": "已建成绿色矿山", "shared_ore_body": "同一矿体分属两个以上主体",
    "below_safety_distance": "作业范围最小距离不满足安全规定", "below_minimum_system": "独立生产系统达不到最低规模要求",
    "ridge_boundary_quarry": "以山脊划界的普通建筑用砂石露天矿", "transfer_year": "拟出让年度",
    "planning_basis": "所依据的新一期规划", "in_master_plan": "符合矿产资源总体规划", "planned_scale": "拟定生产规模（万吨/年）",
    "predicted_resource": "预测资源量（万吨）", "resource_basis": "资源量依据", "green_mine_met": "按绿色矿山标准设计建设",
    "admission_scale": "规模准入", "admission_environment": "环境准入", "admission_safety": "安全准入",
    "admission_qualification": "资格准入", "admission_space": "空间准入", "admission_technology": "技术水平准入",
    "avoids_restricted_areas": "已避让禁止限制勘查开采区域", "land_linked": "已与用地用林用草审批衔接",
    "overlaps_territorial_plan": "与国土空间规划冲突", "overlaps_ecological_redline": "与生态保护红线重叠",
    "overlaps_urban_boundary": "与城镇开发边界重叠", "overlaps_farmland": "与耕地和永久基本农田重叠",
    "overlaps_nature_reserve": "与自然保护地重叠",
}  # fmt: skip

_T = TypeVar("_T")
_YES = frozenset({"true", "yes", "是", "有", "1"})
_NO = frozenset({"false", "no", "否", "无", "没有", "0"})
#: Longest number that anybody types on purpose.
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """True, False or None for not known; the words that say so; the facts that would settle it."""

    value: bool | None
    words: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def __invert__(self) -> "Answer":
        return Answer(None if self.value is None else not self.value, self.words, self.needs)


def unknown(*needs: str, words: str = "") -> Answer:
    return Answer(None, (words,) if words else (), needs)


def any_of(*answers: Answer) -> Answer:
    """True when one is; false when all are; otherwise what is still missing."""
    return _combined(answers, decisive=True)


def all_of(*answers: Answer) -> Answer:
    """False when one is; true when all are; otherwise what is still missing."""
    return _combined(answers, decisive=False)


def _combined(answers: tuple[Answer, ...], *, decisive: bool) -> Answer:
    settled = [answer for answer in answers if answer.value is decisive]
    if settled:
        return Answer(decisive, _joined(answer.words for answer in settled))
    words = _joined(answer.words for answer in answers)
    open_ = [answer for answer in answers if answer.value is None]
    if open_:
        return Answer(None, words, _joined(answer.needs for answer in open_))
    return Answer(not decisive, words)


def _joined(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))


@dataclass(frozen=True, slots=True)
class Known:
    """A mine's facts, read without ever failing, and the thresholds that they are held against."""

    facts: Mapping[str, object]
    yardsticks: Yardsticks
    #: Names of the facts that were asked for and are known, in order.
    used: dict[str, None] = field(default_factory=dict, compare=False, repr=False)

    def _used(self, name: str, value: _T) -> _T:
        if value is not None and value != "":
            self.used[name] = None
        return value

    def note(self, *names: str) -> None:
        """Facts that were looked at in a way of one's own."""
        self.used.update(dict.fromkeys(names))

    def text(self, name: str) -> str:
        value = self.facts.get(name)
        return self._used(name, printable(value.strip())[:40] if isinstance(value, str) else "")

    def day(self, name: str) -> date | None:
        return self._used(name, _day(self.facts.get(name)))

    def number(self, name: str) -> Decimal | None:
        """A number from 0 to 15 digits; anything else is a slip of the pen and not known."""
        return self._used(name, _number(self.facts.get(name)))

    def flag(self, name: str) -> bool | None:
        value = self.facts.get(name)
        word = value.strip().lower() if isinstance(value, str) else ""
        flag = value if isinstance(value, bool) else True if word in _YES else False if word in _NO else None
        return self._used(name, flag)

    def is_true(self, name: str) -> Answer:
        value = self.flag(name)
        return unknown(name) if value is None else Answer(value, (f"“{FACTS[name]}”登记为{'是' if value else '否'}",))

    def is_given(self, name: str) -> Answer:
        """Whether something is written down; silence is never a no."""
        written = self.text(name) or self.number(name) or self.day(name)
        return Answer(True, (f"{FACTS[name]}：{written}",)) if written else unknown(name)

    def is_held(self, number: str) -> Answer:
        """Whether a permit exists: a number says yes, an explicit no says no."""
        if self.flag(number) is False:
            return Answer(False, (f"“{FACTS[number]}”登记为无",))
        return self.is_given(number)

    def is_past(self, name: str) -> Answer:
        """Whether a last day is over; the day itself still counts."""
        day, today = self.day(name), self.day("as_of")
        if day is None or today is None:
            return unknown(*(n for n, d in ((name, day), ("as_of", today)) if d is None))
        return Answer(today > day, (f"{FACTS[name]} {day}，判断日期 {today}，{'已过' if today > day else '未过'}",))

    def is_at_least(self, name: str, least: Decimal, basis: str) -> Answer:
        value = self.number(name)
        if value is None:
            return unknown(name)
        return Answer(
            value >= least, (f"{FACTS[name]}为 {value}，{'不低于' if value >= least else '低于'}{basis} {least}",)
        )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        typed = str(value).strip()
        number = Decimal(typed) if len(typed) <= _LONGEST else Decimal("NaN")
    except (InvalidOperation, ValueError):  # an int of 4300 digits cannot even be written out
        return None
    if number.is_finite() and number == 0:
        return Decimal(0)
    return number if number.is_finite() and number > 0 and -6 <= number.adjusted() < 15 else None
