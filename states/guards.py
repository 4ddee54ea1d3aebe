"""Conditions that several procedures share. Each answers a Blocker in Chinese, or nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise

from states import parties as p
from states.facts import Facts, Track
from states.kernel import Blocker, Guard
from states.parties import Party

_ANSWERED = ("replied", "closed")


def known(name: str, label: str, party: Party, clause: str) -> Guard:
    """A value that the plan leaves open must have been filled in by somebody."""

    def test(facts: Facts) -> Blocker | None:
        return None if facts.get(name) is not None else Blocker(f"“{label}”尚未明确", party.name, clause)

    return Guard(f"“{label}”已明确", test)


TOWNSHIP_KNOWN = known("township_id", "矿山所在乡(镇)", p.NATURAL_RESOURCES, "五(二)¶8")


def equals(name: str, wanted: str, sentence: str, party: Party, clause: str) -> Guard:
    """A recorded choice must be the one that this step carries out."""

    def test(facts: Facts) -> Blocker | None:
        return None if facts.text(name) == wanted else Blocker(sentence, party.name, clause)

    return Guard(sentence.replace("不是", "是"), test)


def first_time(name: str, sentence: str, party: Party, clause: str) -> Guard:
    """What may be done once only."""

    def test(facts: Facts) -> Blocker | None:
        return Blocker(sentence, party.name, clause) if facts.before.get(name) else None

    return Guard("以前没有办理过", test)


def term_expired(name: str, label: str, party: Party, clause: str) -> Guard:
    """A term must be known and over: its last day still belongs to the one who has to act."""

    def test(facts: Facts) -> Blocker | None:
        until = facts.date(name)
        if until is None:
            return Blocker(f"“{label}”尚未明确", party.name, clause)
        if facts.today <= until:
            return Blocker(f"“{label}”{until:%Y-%m-%d} 尚未届满", party.name, clause)
        return None

    return Guard(f"“{label}”已届满", test)


def not_after(name: str, label: str, limits: Iterable[tuple[str, str]], party: Party, clause: str) -> Guard:
    """A day that is asked for must not lie after any of some known days (fact, label)."""
    bounds = tuple(limits)

    def test(facts: Facts) -> Blocker | None:
        day = facts.date(name)
        for bound, bound_label in bounds:
            limit = facts.date(bound)
            if day and limit and day > limit:
                return Blocker(f"“{label}”{day} 晚于{bound_label} {limit}，应改到该日或之前", party.name, clause)
        return None

    return Guard(f"“{label}”不晚于{'、'.join(text for _, text in bounds)}", test)


def not_after_year(name: str, label: str, year: str, party: Party, clause: str) -> Guard:
    """A day that is asked for must lie in or before the year that a fact names."""

    def test(facts: Facts) -> Blocker | None:
        day, last = facts.date(name), facts.number(year)
        if day and last is not None and day.year > last:
            return Blocker(f"“{label}”{day} 晚于关闭退出年度 {last} 年", party.name, clause)
        return None

    return Guard(f"“{label}”不晚于关闭退出年度", test)


def after(name: str, label: str, earlier: str, earlier_label: str, party: Party, clause: str) -> Guard:
    """A day that is asked for must lie after another."""

    def test(facts: Facts) -> Blocker | None:
        day, first = facts.date(name), facts.date(earlier)
        if day and first and day <= first:
            return Blocker(f"“{label}”{day} 应晚于“{earlier_label}”{first}", party.name, clause)
        return None

    return Guard(f"“{label}”晚于“{earlier_label}”", test)


def at_least(name: str, label: str, least: Decimal, unit: str, party: Party, clause: str) -> Guard:
    """A number that is asked for must reach a threshold of the plan."""

    def test(facts: Facts) -> Blocker | None:
        value = facts.number(name)
        if value is not None and value < least:
            return Blocker(f"“{label}”为 {value}{unit}，低于 {least}{unit}", party.name, clause)
        return None

    return Guard(f"“{label}”不低于 {least}{unit}", test)


def tracks_reached(procedure: str, states: Iterable[str], title: str, party: Party, clause: str) -> Guard:
    """Every track of one kind must have reached one of some states, and there must be one."""
    wanted = frozenset(states)

    def test(facts: Facts) -> Blocker | None:
        mine = [t for t in facts.tracks if t.procedure == procedure]
        if not mine:
            return Blocker(f"{title}：尚未立案", party.name, clause)
        waiting = [t for t in mine if t.state not in wanted]
        if waiting:
            named = "、".join(f"{t.subject or t.number}（{t.state_label}）" for t in waiting)
            return Blocker(f"{title}：{named}", party.name, clause)
        return None

    return Guard(f"{title}：全部办结", test, reads_tracks=True)


def no_track_open(party: Party, clause: str) -> Guard:
    """Nothing may still run beside the case."""

    def test(facts: Facts) -> Blocker | None:
        open_ = [t for t in facts.tracks if not t.final]
        if open_:
            named = "、".join(f"{t.number}（{t.state_label}）" for t in open_)
            return Blocker(f"并行事项未办结：{named}", party.name, clause)
        return None

    return Guard("全部并行事项已办结", test, reads_tracks=True)


def latest_opinions(facts: Facts) -> dict[str, Track]:
    """The newest referral of each unit of the joint survey."""
    return {t.subject_id: t for t in facts.tracks if t.procedure == "referral" and t.facts.get("purpose") == "survey"}


def _all_opinions(facts: Facts) -> Blocker | None:
    asked = latest_opinions(facts)
    silent = [t.subject for t in asked.values() if t.state not in _ANSWERED]
    if silent:
        return Blocker(f"踏勘意见未反馈 {len(silent)} 家：{'、'.join(silent)}", "、".join(silent), "四(二)6¶2")
    if len(asked) < len(p.SURVEY_UNITS):
        return Blocker(f"只征求了 {len(asked)} 家意见，应为 {len(p.SURVEY_UNITS)} 家", p.GROUP_OFFICE.name, "四(二)6¶2")
    return None


def objecting(facts: Facts) -> list[Track]:
    """Units whose newest opinion objects."""
    return [t for t in latest_opinions(facts).values() if t.facts.get("answer") == "objection"]


def _no_objection(facts: Facts) -> Blocker | None:
    against = objecting(facts)
    if against:
        named = "、".join(t.subject for t in against)
        return Blocker(f"有意见尚未解决：{named}", named, "四(二)6¶2")
    return None


def _some_objection(facts: Facts) -> Blocker | None:
    return None if objecting(facts) else Blocker("没有单位提出反对意见", p.NATURAL_RESOURCES.name, "四(二)6¶2")


ALL_OPINIONS = Guard("16 家踏勘意见全部反馈", _all_opinions, reads_tracks=True)
NO_OBJECTION = Guard("没有未解决的反对意见", _no_objection, reads_tracks=True)
SOME_OBJECTION = Guard("有单位提出反对意见", _some_objection, reads_tracks=True)


def _licence_expired(facts: Facts) -> Blocker | None:
    until = facts.date("valid_to")
    if until is None:
        return Blocker("采矿许可证有效期尚未登记", p.NATURAL_RESOURCES.name, "附件2")
    if facts.today <= until:
        return Blocker(f"采矿许可证 {until} 才到期，不能按到期处理", p.NATURAL_RESOURCES.name, "矿产资源法第二十四条")
    return None


LICENCE_EXPIRED = Guard("采矿许可证已到期", _licence_expired)


def _plan_in_force(facts: Facts) -> Blocker | None:
    year, last = facts.number("transfer_year"), facts.date("master_plan_to")
    if facts.get("planning_basis") or year is None or last is None or year <= last.year:
        return None
    return Blocker(
        f"拟出让年度 {year} 年超出总体规划期（至 {last.year} 年），须写明所依据的新一期规划",
        p.NATURAL_RESOURCES.name,
        "三(二)4(1)",
    )


PLAN_IN_FORCE = Guard("所依据的规划覆盖拟出让年度", _plan_in_force)


def promises_in_order(labels: Mapping[str, str], clause: str) -> Guard:
    """A holder's promised days (fact -> label, in their order) follow one another, and new ones lie ahead."""

    def test(facts: Facts) -> Blocker | None:
        dated = [(label, day) for name, label in labels.items() if (day := facts.date(name))]
        for (first, day), (then, next_day) in pairwise(dated):
            if next_day < day:
                return Blocker(f"承诺日期前后颠倒：{then} {next_day} 早于{first} {day}", p.HOLDER.name, clause)
        # A promise that was kept or broken before stays as it was; a new one lies ahead.
        new = [day for name in labels if (day := facts.date(name)) and facts.get(name) != facts.before.get(name)]
        if new and min(new) < facts.today:
            return Blocker(f"承诺日期 {min(new)} 早于办理日 {facts.today}", p.HOLDER.name, clause)
        return None

    return Guard("承诺日期先后有序，不早于办理日", test)
