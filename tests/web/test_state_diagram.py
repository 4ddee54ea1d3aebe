"""Every procedure draws itself: whole, legible, the same each time; and a case shows how far it has come."""

from datetime import date
from itertools import combinations

import pytest
from lxml import etree

from states.kernel import Procedure
from states.registry import PROCEDURES
from web.charts.states import Past, diagram, rows
from web.charts.states_grid import drawn_steps, grid, main_path
from web.charts.states_layout import layout, worked_out
from web.charts.states_shapes import SMALL
from web.charts.states_words import ems, wrap

SVG = "{http://www.w3.org/2000/svg}"
EVERY = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=list(PROCEDURES))


@EVERY
def test_every_state_and_every_step_is_drawn_exactly_once(procedure: Procedure) -> None:
    drawn = etree.fromstring(diagram(procedure))

    states = [g.get("data-state") for g in drawn.iter(f"{SVG}g") if g.get("data-state")]
    lines = [g.get("data-step") for g in drawn.iter(f"{SVG}g") if g.get("data-step")]
    labels = {g.get("data-label"): "".join(g.itertext()) for g in drawn.iter(f"{SVG}g") if g.get("data-label")}
    steps = {step.trigger: step.title for step in drawn_steps(procedure)}

    assert sorted(states, key=str) == sorted(state.id for state in procedure.states)
    assert sorted(lines, key=str) == sorted(steps)
    assert labels == steps
    assert all(step.clock == "" for step in drawn_steps(procedure))


@EVERY
def test_no_box_and_no_label_lies_on_another(procedure: Procedure) -> None:
    found = layout(procedure)
    boxes, labels = list(found.boxes.values()), [way.label for way in found.ways]

    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]
    assert not [(box, label) for box in boxes for label in labels if box.overlaps(label)]
    assert not [(a, b) for a, b in combinations(labels, 2) if a.overlaps(b)]


@EVERY
def test_everything_lies_within_the_drawing(procedure: Procedure) -> None:
    found = layout(procedure)

    for rect in (*found.boxes.values(), *(way.label for way in found.ways)):
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= found.width
        assert rect.bottom <= found.height
    for way in found.ways:
        for line in way.lines:
            assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in line.points)
    assert found.width <= 1180


@EVERY
def test_words_fit_into_their_boxes_and_labels(procedure: Procedure) -> None:
    found = layout(procedure)

    for state in procedure.states:
        words = wrap(state.label, (found.boxes[state.id].width - 8) / 13)
        assert "".join(words) == state.label
        assert len(words) <= 2
        assert all(ems(word) * 13 <= found.boxes[state.id].width for word in words)
    for way in found.ways:
        assert len(way.words) <= 3
        assert all(ems(word) * SMALL <= way.label.width + 0.01 for word in way.words)


@EVERY
def test_no_line_runs_through_a_box(procedure: Procedure) -> None:
    found = layout(procedure)

    for way in found.ways:
        for line in way.lines:
            for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
                for state, box in found.boxes.items():
                    crosses = (
                        min(x1, x2) < box.right - 1 and max(x1, x2) > box.x + 1
                        and min(y1, y2) < box.bottom - 1 and max(y1, y2) > box.y + 1
                    )  # fmt: skip
                    assert not crosses, (way.trigger, state)


@EVERY
def test_every_source_has_its_line_and_every_arrow_ends_at_the_target(procedure: Procedure) -> None:
    found = layout(procedure)

    for way in found.ways:
        step = procedure.step(way.trigger)
        assert step is not None
        assert sorted(line.source for line in way.lines if line.source) == sorted(step.sources)
        for line in way.lines:
            if line.arrow:
                target, (x, y) = found.boxes[step.target(line.source)], line.points[-1]
                assert target.x <= x <= target.right
                assert target.y <= y <= target.bottom


@EVERY
def test_the_drawing_is_the_same_every_time(procedure: Procedure) -> None:
    assert worked_out(procedure) == worked_out(procedure)
    assert diagram(procedure) == diagram(procedure)


def test_the_usual_way_of_a_closure_is_its_row() -> None:
    closure = PROCEDURES["closure"]

    assert main_path(closure)[:4] == ("listed", "notice_issued", "closure_notified", "closure_decided")
    assert main_path(closure)[-1] == "archived"
    cells = grid(closure).cells
    assert [cells[state][0] for state in main_path(closure)[:7]] == [0] * 7
    assert [cells[state][1] for state in main_path(closure)[:7]] == list(range(7))


def test_a_case_shows_where_it_was_where_it_is_and_where_it_can_go() -> None:
    closure = PROCEDURES["closure"]
    past = Past(
        "closure_notified", {"listed": date(2026, 1, 5), "notice_issued": date(2026, 2, 2), "closure_notified": date(2026, 2, 6)},
        frozenset({("listed", "issue_closure_notice"), ("notice_issued", "serve_closure_notice")}), date(2026, 3, 20),
    )  # fmt: skip

    drawn = etree.fromstring(diagram(closure, past))
    boxes = {g.get("data-state"): g for g in drawn.iter(f"{SVG}g") if g.get("data-state")}

    def ground(state: str) -> set[str | None]:
        return {rect.get("fill") for rect in boxes[state].iter(f"{SVG}rect")}

    assert "#e7f5ec" in ground("listed")
    assert "2026-01-05" in "".join(boxes["listed"].itertext())
    assert "#1a5fb4" in ground("closure_notified")
    assert "限 2026-03-20" in "".join(boxes["closure_notified"].itertext())
    assert [rect.get("stroke-dasharray") for rect in boxes["archived"].iter(f"{SVG}rect")] == ["4 3", "4 3"]
    assert {rect.get("stroke-dasharray") for rect in boxes["hearing"].iter(f"{SVG}rect")} == {None}

    standing = {row.step.trigger: row.standing for row in rows(closure, past)}
    assert standing["serve_closure_notice"] == "已办理"
    assert standing["decide_closure"] == standing["request_hearing"] == standing["delist"] == "目前可办"
    assert standing["archive"] == ""


def test_a_step_of_another_kind_of_permit_is_no_way_ahead() -> None:
    permit = PROCEDURES["permit"]
    others = frozenset(
        {"request_safety_cancellation", "request_business_cancellation", "request_discharge_cancellation"}
    )

    standing = {row.step.trigger: row.standing for row in rows(permit, Past("active", elsewhere=others))}

    assert standing["request_right_cancellation"] == "目前可办"
    assert {standing[trigger] for trigger in others} == {""}


def test_the_drawing_is_said_in_words_as_well() -> None:
    closure = PROCEDURES["closure"]
    drawn = etree.fromstring(diagram(closure, Past("listed", {"listed": date(2026, 1, 5)})))

    assert drawn.get("role") == "img"
    named = (drawn.get("aria-labelledby") or "").split()
    assert next(element.text for element in drawn.iter() if element.get("id") in named) == "关闭取缔流程图"
    assert "目前处于“列入关闭取缔名录”" in (drawn.findtext(f"{SVG}desc") or "")
    assert len(rows(closure)) == len(drawn_steps(closure))
    stay = next(row for row in rows(closure) if row.step.trigger == "fail_acceptance")
    assert (stay.sources, stay.dest) == (("关闭施工中",), "原环节不变")


def test_nothing_is_styled_inline() -> None:
    for procedure in PROCEDURES.values():
        assert "style=" not in diagram(procedure)
        assert "<script" not in diagram(procedure)


def test_lines_break_evenly_and_keep_numbers_together() -> None:
    assert wrap("设计审查等各项审批办结", 6.1) == ("设计审查等各", "项审批办结")
    assert wrap("通过核查，发起16家联合踏勘", 7) == ("通过核查，发起", "16家联合踏勘")
    assert all(not line.startswith(("，", "、", "）")) for line in wrap("环评、用地、设计、安全审批办结", 6))
    assert wrap("核实停产", 6) == ("核实停产",)
