"""The machine goes where the cards say, and nowhere else."""

from collections.abc import Iterator

import pytest

from states.facts import Facts
from states.guards import TOWNSHIP_KNOWN, known, no_track_open
from states.kernel import STAY, Blocker, Procedure, Refused, Step
from states.parties import TOWNSHIP
from states.registry import PROCEDURES
from tests.states.samples import CALENDAR, TINY, TODAY, facts, with_step

each_procedure = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=PROCEDURES)


@each_procedure
def test_every_step_leads_where_its_card_says(procedure: Procedure) -> None:
    for step in procedure.steps:
        for source in step.sources:
            assert procedure.move(source, step.trigger) == step.target(source)


@each_procedure
def test_every_way_that_is_on_no_card_is_refused(procedure: Procedure) -> None:
    triggers = {step.trigger for other in PROCEDURES.values() for step in other.steps}
    for state in procedure.states:
        allowed = {step.trigger for step in procedure.steps_from(state.id)}
        for trigger in triggers - allowed:
            with pytest.raises(ValueError if procedure.step(trigger) else KeyError):
                procedure.move(state.id, trigger)


@each_procedure
def test_nothing_leads_out_of_an_end(procedure: Procedure) -> None:
    ends = [state for state in procedure.states if state.final]
    assert ends
    assert all(procedure.steps_from(state.id) == () for state in ends)


@each_procedure
def test_a_state_or_step_that_does_not_exist_is_refused(procedure: Procedure) -> None:
    trigger = procedure.steps[0].trigger
    with pytest.raises(ValueError, match="nowhere"):
        procedure.move("nowhere", trigger)
    with pytest.raises(KeyError):
        procedure.move(procedure.initial, "conjure")
    with pytest.raises(KeyError):
        procedure.state("nowhere")
    assert procedure.step("conjure") is None
    assert not procedure.knows("nowhere")


@each_procedure
def test_a_step_that_stays_leaves_the_case_where_it_is(procedure: Procedure) -> None:
    staying = [step for step in procedure.steps if step.dest == STAY]
    assert {"suspend", "resume", "extend"} <= {step.trigger for step in staying}
    for step in staying:
        assert all(procedure.move(source, step.trigger) == source for source in step.sources)


def walk(procedure: Procedure) -> Iterator[tuple[str, Step, str]]:
    """Every step from every state that a case can really get to."""
    reached, waiting = {procedure.initial}, [procedure.initial]
    while waiting:
        state = waiting.pop()
        for step in procedure.steps_from(state):
            after = procedure.move(state, step.trigger)
            yield state, step, after
            if after not in reached:
                reached.add(after)
                waiting.append(after)


@each_procedure
def test_wherever_a_case_gets_to_a_deadline_runs_or_a_reason_says_why_not(procedure: Procedure) -> None:
    arrived = {procedure.initial, *(after for _, _, after in walk(procedure))}
    assert arrived == {state.id for state in procedure.states}
    for state in map(procedure.state, arrived):
        if state.final:
            assert procedure.timed_in(state.id) == ()
        else:
            assert procedure.timed_in(state.id) or state.no_deadline
            assert state.lead


@each_procedure
def test_a_case_can_end_from_wherever_it_gets_to(procedure: Procedure) -> None:
    after: dict[str, set[str]] = {}
    for state, _, there in walk(procedure):
        after.setdefault(state, set()).add(there)
    ending = {state.id for state in procedure.states if state.final}
    while more := {state for state, there in after.items() if there & ending} - ending:
        ending |= more
    assert ending == {state.id for state in procedure.states}


@each_procedure
def test_the_ways_out_of_a_state_stand_in_the_order_of_the_file(procedure: Procedure) -> None:
    for state in procedure.states:
        expected = tuple(step for step in procedure.steps if state.id in step.sources)
        assert procedure.steps_from(state.id) == expected


def test_a_deadline_runs_in_its_source_and_in_the_states_named_before_it() -> None:
    early = with_step(TINY, "finish", due=TINY.steps[0].due, due_in=("open",))
    assert [step.trigger for step in early.timed_in("open")] == ["begin", "finish"]
    assert [step.trigger for step in early.timed_in("doing")] == ["finish"]
    assert early.timed_in("done") == ()


def test_the_machine_keeps_nothing_of_one_case_for_the_next() -> None:
    assert TINY.move("open", "begin") == "doing"
    assert TINY.move("open", "begin") == "doing"
    with pytest.raises(ValueError, match="tiny: doing -begin->"):
        TINY.move("doing", "begin")


def test_a_step_names_all_that_stands_in_its_way() -> None:
    guards = (
        known("a", "甲", TOWNSHIP, "四(一)"),
        known("b", "乙", TOWNSHIP, "四(二)1"),
        known("c", "丙", TOWNSHIP, "五(一)"),
    )
    step = TINY.steps[0]
    guarded = with_step(TINY, "begin", guards=guards).steps[0]
    assert step.blockers(facts()) == ()
    assert [b.missing for b in guarded.blockers(facts({"b": "有"}))] == ["“甲”尚未明确", "“丙”尚未明确"]


def test_a_refusal_reads_as_a_sentence_with_who_and_under_which_clause() -> None:
    blockers = (Blocker("缺送达回证", "县自然资源局", "四(二)4"), Blocker("未届满", "采矿权人", "四(二)5"))
    refused = Refused(blockers)
    assert refused.blockers == blockers
    assert str(refused) == ("缺送达回证（责任：县自然资源局；依据：四(二)4）；未届满（责任：采矿权人；依据：四(二)5）")


def test_only_a_guard_that_says_so_needs_the_tracks() -> None:
    fact, track = TOWNSHIP_KNOWN, no_track_open(TOWNSHIP, "五(一)")
    assert not with_step(TINY, "begin", guards=(fact,)).steps[0].reads_tracks
    assert with_step(TINY, "begin", guards=(fact, track)).steps[0].reads_tracks


def test_facts_are_read_by_kind_and_an_empty_text_is_no_fact() -> None:
    known_facts = Facts(
        {"day": "2026-11-29", "date": TODAY, "scale": "10.5", "blank": "", "word": "石灰岩"}, TODAY, CALENDAR
    )
    assert str(known_facts.date("day")) == "2026-11-29"
    assert known_facts.date("date") == TODAY
    assert str(known_facts.number("scale")) == "10.5"
    assert known_facts.number("word") is None
    assert known_facts.text("word") == "石灰岩"
    assert (known_facts.get("blank"), known_facts.text("blank"), known_facts.date("blank")) == (None, "", None)
