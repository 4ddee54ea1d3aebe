"""docs/procedures.md is what the code says, and shows every card."""

import re
from pathlib import Path

import pytest

from states import clauses, documents
from states.describe import REGENERATE, main, procedures_markdown
from states.kernel import Procedure
from states.registry import PROCEDURES
from tests.states.samples import TINY, with_step

PAGE = Path(__file__).parents[2] / "docs" / "procedures.md"
TEXT = procedures_markdown(PROCEDURES)
each_procedure = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)


def section(procedure: Procedure) -> str:
    return next(part for part in TEXT.split('<a id="') if part.startswith(f'{procedure.id}"'))


def rows(text: str, heading: str) -> list[list[str]]:
    """The body of the table below a heading."""
    table = re.search(rf"### {heading}\n\n((?:\|.*\n)+)", text)
    assert table
    return [line.strip("|\n").split(" | ") for line in table.group(1).splitlines()[2:]]


def diagram(text: str) -> list[str]:
    found = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", text, re.DOTALL)
    assert found
    return [line.strip() for line in found.group(1).splitlines()]


def test_the_page_in_the_repository_is_in_sync() -> None:
    written = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    assert written == TEXT, f"docs/procedures.md 与程序不同步：请运行 {REGENERATE} 重新生成后一并提交。"


def test_the_command_prints_the_page(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main()
    assert capfdbinary.readouterr().out.decode() == TEXT


def test_the_page_says_that_and_how_it_is_generated() -> None:
    top = TEXT.split("##")[0]
    assert "生成，请勿手工修改" in top
    assert f"`{REGENERATE}`" in top
    assert "python -m states.describe > docs/procedures.md" in top


@each_procedure
def test_a_procedure_is_introduced_by_its_clause_and_gist(procedure: Procedure) -> None:
    intro = section(procedure)
    assert f"## {procedure.title}" in intro
    assert f"依据 {procedure.clause}。{clauses.gist(procedure.clause)}" in intro
    assert all(field.label in intro for field in procedure.asks)


@each_procedure
def test_every_step_but_the_standing_ones_has_its_row(procedure: Procedure) -> None:
    table = rows(section(procedure), "环节")
    steps = [step for step in procedure.steps if not step.clock]
    assert [row[1] for row in table] == [f"`{step.trigger}`" for step in steps]
    for row, step in zip(table, steps, strict=True):
        assert len(row) == 12
        assert step.title in row[0]
        assert row[0].startswith(" ※") == step.exceptional
        assert [row[3], row[5]] == [step.lead.name, step.clause]
        assert all(party.name in row[4] for party in step.cooperating)
        assert all(field.label in row[6] for field in step.fields)
        assert all(evidence.label in row[7] for evidence in step.evidence)
        assert all(guard.title in row[8] for guard in step.guards)
        assert all(str(mark) in row[8] for mark in step.marks)
        assert step.due is None or (step.due.text in row[9] and step.due.source in row[9])
        assert all(documents.BY_ID[emits.kind].title in row[10] for emits in step.emits)
        assert all(f"(#{opens.procedure})" in row[11] for opens in step.opens)


@each_procedure
def test_every_state_has_its_row_with_lead_and_deadline_or_reason(procedure: Procedure) -> None:
    table = rows(section(procedure), "状态")
    assert [row[1] for row in table] == [f"`{state.id}`" for state in procedure.states]
    for row, state in zip(table, procedure.states, strict=True):
        assert state.label in row[0]
        assert ("（终点）" in row[0]) == state.final
        assert row[2] == (state.lead.name if state.lead else "")
        assert all(step.due and step.due.text in row[3] for step in procedure.timed_in(state.id))
        assert state.no_deadline in row[3]
        assert bool(row[3]) != state.final


@each_procedure
def test_the_diagram_has_every_way_and_leaves_the_standing_steps_out(procedure: Procedure) -> None:
    lines = diagram(section(procedure))
    drawn = {line.partition(":")[0] for line in lines if "-->" in line}
    ways = {f"{s} --> {step.target(s)}" for step in procedure.steps if not step.clock for s in step.sources}
    ends = {f"{state.id} --> [*]" for state in procedure.states if state.final}
    assert drawn == {f"[*] --> {procedure.initial}", *ways, *ends}
    assert {line for line in lines if line.startswith("state ")} == {
        f'state "{state.label}" as {state.id}' for state in procedure.states
    }
    assert "图中不画三个通用环节" in section(procedure)
    assert not any("中止办理" in line for line in lines)


@each_procedure
def test_no_label_breaks_the_diagram(procedure: Procedure) -> None:
    words = [state.label for state in procedure.states] + [step.title for step in procedure.steps]
    assert not [word for word in words if re.search(r'["\n:;#{}<>]', word)]


def test_a_bar_in_a_text_does_not_break_the_table() -> None:
    text = procedures_markdown({"tiny": with_step(TINY, "begin", title="甲|乙")})
    assert rows(text, "环节")[0][0] == " 甲&#124;乙"


def test_what_the_clock_does_is_said() -> None:
    assert "证照到期（由系统按日期登记）" in TEXT
