"""统计分析: what was done in a period, as one table of kinds and numbers."""

from collections.abc import Mapping

from office.notices.notice_words import KINDS
from office.reports.statistics_period import Done, Period
from office.reports.statistics_tables import Line, Table
from states.documents import BY_ID
from states.registry import PROCEDURES
from workflow.entries import ACTS

_NOTE = "立案、办结按案件的日期，环节按办理日期（已更正撤回的不计），文书按成文日期、送达日期（已作废的不计），通知按发出时间。"
#: Notices that people send; the others come by themselves.
_BY_HAND = {"urge": "催办通知", "supervise": "督办通知", "copied": "抄送通知"}
#: Name of a group -> its word and unit.
GROUPS = {
    "opened": ("新立案", "件"), "finished": ("办结案件", "件"), "steps": ("办理环节", "次"), "acts": ("催办督办等", "次"),
    "issued": ("出具文书", "份"), "served": ("送达文书", "份"), "notices": ("发出通知", "份"),
}  # fmt: skip


def done_table(found: Done, period: Period) -> Table:
    """Every kind of work with its number; the key of a line is its group."""
    lines = tuple(
        Line(word, (what, number, unit), name)
        for name, (word, unit) in GROUPS.items() for what, number in _words(name, getattr(found, name))
    )  # fmt: skip
    return Table("done", f"时段办理情况（{period.word}）", _NOTE, ("类别", "事项", "数量", "单位"), lines)


def sums(found: Done) -> list[tuple[str, str, str, int]]:
    """Group, word, unit and number of each group."""
    return [(name, word, unit, sum(getattr(found, name).values())) for name, (word, unit) in GROUPS.items()]


def _words(group: str, numbers: Mapping[object, int]) -> list[tuple[str, int]]:
    """Cases and steps in the order of the procedures, everything else by its number."""
    if group == "steps":
        return [
            (f"{procedure.title}：{step.title}", numbers[procedure.id, step.trigger])
            for procedure in PROCEDURES.values() for step in procedure.steps if (procedure.id, step.trigger) in numbers
        ]  # fmt: skip
    if group in ("opened", "finished"):
        return [
            (procedure.title, numbers[procedure.id]) for procedure in PROCEDURES.values() if procedure.id in numbers
        ]
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], str(item[0])))
    return [(_word(group, str(name)), number) for name, number in ordered]


def _word(group: str, name: str) -> str:
    if group == "acts":
        return ACTS.get(name, name)
    if group == "notices":
        return {**_BY_HAND, **KINDS}.get(name, name)
    return f"《{BY_ID[name].title}》" if name in BY_ID else name
