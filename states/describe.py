"""The procedures as tables and diagrams for people: `python -m states.describe` prints docs/procedures.md."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from states import clauses, documents
from states.due import BASIS_LABELS, Due
from states.fields import Field
from states.kernel import STAY, CaseState, Opens, Procedure, Step
from states.registry import PROCEDURES

REGENERATE = "make docs"

_HEADER = f"""\
# 办理程序

> 本文件由 `{REGENERATE}`（即 `python -m states.describe > docs/procedures.md`）从 `states/` 中的程序卡片生成，请勿手工修改。

表中“※”表示例外环节（退回、转办、拒不履行等），“○”表示选填项。期限写明所依据的是什么；“内部建议时限”只供调度，不写入文书。
每个程序在所有未办结状态下另有中止办理、恢复办理、调整期限三个通用环节，状态不变，表和图中从略。
"""
STEP_HEADINGS = (
    "环节", "触发", "从→到", "牵头", "配合", "依据", "填写", "材料", "条件", "期限及依据", "文书", "并行事项",
)  # fmt: skip
STATE_HEADINGS = ("状态", "代号", "牵头", "期限或不设期限的理由", "必备")
_FIELD_TYPES = {
    "text": "", "date": "日期", "days": "天数", "number": "数字", "money": "金额", "choice": "选择", "yes": "确认",
    "document_number": "文号",
}  # fmt: skip
KINDS = {"intake": "入口程序", "route": "整治方式", "track": "并行事项"}
_EACH = {
    "": "", "permit": "（每个证照一件）", "survey_unit": "（16 家单位各一件）", "objecting_unit": "（有意见的单位各一件）",
}  # fmt: skip


def procedures_markdown(procedures: Mapping[str, Procedure]) -> str:
    """All procedures, each with its gist, steps, states and a diagram."""
    contents = "\n".join(f"- [{p.title}](#{p.id})" for p in procedures.values())
    parts = (_section(procedure, procedures) for procedure in procedures.values())
    return "\n".join([_HEADER, contents, "", *("\n".join(part) for part in parts)])


def _section(procedure: Procedure, procedures: Mapping[str, Procedure]) -> Iterator[str]:
    yield f'<a id="{procedure.id}"></a>\n\n## {procedure.title}\n'
    yield f"{KINDS[procedure.kind]}，代号 `{procedure.id}`，依据 {procedure.clause}。{about(procedure)}\n"
    if procedure.asks:
        yield f"立案时填写：{'；'.join(asked(procedure))}。\n"
    steps = own_steps(procedure)
    yield "### 环节\n"
    yield from _table(STEP_HEADINGS, (_step(step, procedure, procedures) for step in steps))
    yield "\n### 状态\n"
    yield from _table(STATE_HEADINGS, (_state(state, procedure) for state in procedure.states))
    yield "\n### 流程图\n\n图中不画三个通用环节（中止、恢复、调整期限）。\n"
    yield from _diagram(procedure, steps)


def own_steps(procedure: Procedure) -> list[Step]:
    """The steps of a procedure without the three that all have: suspend, resume, extend."""
    return [step for step in procedure.steps if not step.clock]


def asked(procedure: Procedure) -> list[str]:
    """What must be said when such a case is opened by hand."""
    return [_field(field) for field in procedure.asks]


def about(procedure: Procedure) -> str:
    """What the procedure's clauses say, in our words, and the note on its card."""
    known = [clauses.gist(part) for part in procedure.clause.split("；") if clauses.exists(part)]
    return "".join(f"{sentence}。" for sentence in (*known, procedure.note.rstrip("。")) if sentence)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _lines(items: Iterable[str]) -> str:
    return "<br>".join(item for item in items if item)


def step_cells(step: Step, procedure: Procedure, procedures: Mapping[str, Procedure]) -> dict[str, tuple[str, ...]]:
    """A card in words: heading (STEP_HEADINGS) -> its lines."""
    title = f"{'※ ' if step.exceptional else ''}{step.title}{'（由系统按日期登记）' if step.by_clock else ''}"
    there = "不变" if step.dest == STAY else procedure.state(step.dest).label
    cells = (
        (title, step.note),
        (step.trigger,),
        (f"{_labels(procedure, step.sources)} → {there}",),
        (step.lead.name,),
        ("、".join(party.name for party in step.cooperating),),
        (step.clause,),
        tuple(_field(field) for field in step.fields),
        tuple(f"{e.label}（{e.by}）" if e.by else e.label for e in step.evidence),
        (*(guard.title for guard in step.guards), *(f"确立：{mark}" for mark in sorted(step.marks))),
        _due(step, procedure),
        (
            *(_document(emits.kind, emits.issuer.name) for emits in step.emits),
            *(f"证明送达（签订）：《{documents.BY_ID[kind].title}》" for kind in step.settles),
        ),
        tuple(f"{procedures[opens.procedure].title}{_EACH[opens.each]}" for opens in step.opens),
    )
    return {heading: tuple(line for line in lines if line) for heading, lines in zip(STEP_HEADINGS, cells, strict=True)}


def _step(step: Step, procedure: Procedure, procedures: Mapping[str, Procedure]) -> Sequence[str]:
    marked = {
        "触发": (f"`{step.trigger}`",), "并行事项": tuple(_opens(opens, procedures) for opens in step.opens),
    }  # fmt: skip
    cells = step_cells(step, procedure, procedures) | marked
    return [_lines(cells[heading]) for heading in STEP_HEADINGS]


def _labels(procedure: Procedure, ids: Iterable[str]) -> str:
    return "、".join(procedure.state(state).label for state in ids)


def _field(field: Field) -> str:
    kind = " / ".join(field.choices.values()) if field.choices else _FIELD_TYPES[field.type]
    words = "，".join(part for part in (kind, field.unit) if part)
    return f"{'' if field.required else '○ '}{field.label}{f'（{words}）' if words else ''}"


def _due(step: Step, procedure: Procedure) -> tuple[str, ...]:
    if step.due is None:
        return ()
    earlier = f"在“{_labels(procedure, step.due_in)}”时也计时" if step.due_in else ""
    fixed = "" if step.due.extendable else "不能调整"
    return (_rests_on(step.due), earlier, fixed)


def _rests_on(due: Due) -> str:
    return f"{due.text}（{BASIS_LABELS[due.basis]}：{due.source}）"


def _document(id: str, issuer: str) -> str:
    kind = documents.BY_ID[id]
    return f"《{kind.title}》（{kind.code}，{issuer}）"


def _opens(opens: Opens, procedures: Mapping[str, Procedure]) -> str:
    return f"[{procedures[opens.procedure].title}](#{opens.procedure}){_EACH[opens.each]}"


def state_cells(state: CaseState, procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """A state in words: heading (STATE_HEADINGS) -> its lines."""
    running = (f"{step.title}：{_rests_on(step.due)}" for step in procedure.timed_in(state.id) if step.due)
    without = f"不设期限：{state.no_deadline}" if state.no_deadline else ""
    cells = (
        (f"{state.label}{'（起点）' if state.id == procedure.initial else ''}{'（终点）' if state.final else ''}",),
        (state.id,),
        (state.lead.name if state.lead else "",),
        (*running, without),
        ("、".join(sorted(state.requires)),),
    )
    return {
        heading: tuple(line for line in lines if line) for heading, lines in zip(STATE_HEADINGS, cells, strict=True)
    }


def _state(state: CaseState, procedure: Procedure) -> Sequence[str]:
    cells = state_cells(state, procedure) | {"代号": (f"`{state.id}`",)}
    return [_lines(cells[heading]) for heading in STATE_HEADINGS]


def _diagram(procedure: Procedure, steps: Iterable[Step]) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2"
    yield from (f'    state "{state.label}" as {state.id}' for state in procedure.states)
    yield f"    [*] --> {procedure.initial}"
    for step in steps:
        mark = "※ " if step.exceptional else ""
        yield from (f"    {source} --> {step.target(source)}: {mark}{step.title}" for source in step.sources)
    yield from (f"    {state.id} --> [*]" for state in procedure.states if state.final)
    yield "```\n"


def main() -> None:
    # As bytes: the file is UTF-8 whatever the terminal's encoding is.
    sys.stdout.buffer.write(procedures_markdown(PROCEDURES).encode())


if __name__ == "__main__":
    main()
