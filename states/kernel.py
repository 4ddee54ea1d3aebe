"""The vocabulary of a procedure, and the only file that touches `transitions`.

A procedure is one explicit state machine. A step is one card: one trigger, one decision. Two outcomes are
two triggers. A deadline belongs to a step: it runs while the case is in the step's source state (and in the
states named by `due_in`), and is met when the step is taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from transitions import Machine, MachineError

from states.due import Due
from states.facts import Facts
from states.fields import Evidence, Field
from states.parties import Party

#: Destination of a step that leaves the case where it is.
STAY = "="


class Mark(StrEnum):
    """What must be on file before an adverse state (N6): each is established by some step."""

    ORDER = "责令或决定文书"
    SERVICE = "送达证明"
    TERM_EXPIRED = "期限届满"
    REINSPECTION = "复查结论"


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a step cannot be taken: what is missing, from whom, under which clause."""

    missing: str
    party: str
    clause: str

    def __str__(self) -> str:
        return f"{self.missing}（责任：{self.party}；依据：{self.clause}）"


class Refused(Exception):
    """The step cannot be taken; carries every blocker."""

    def __init__(self, blockers: tuple[Blocker, ...]) -> None:
        self.blockers = blockers
        super().__init__("；".join(str(b) for b in blockers))


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition in words, and the test that answers a Blocker or nothing."""

    title: str
    test: Callable[[Facts], Blocker | None]
    reads_tracks: bool = False


@dataclass(frozen=True, slots=True)
class Emits:
    """A document that a step drafts, and who issues it."""

    kind: str
    issuer: Party
    #: Where not every case that opens needs it: a fact and its value (`purpose`, `survey`); `!` in front turns it round.
    when: tuple[str, str] | None = None

    def wanted(self, facts: Mapping[str, object]) -> bool:
        """Whether a case with these facts gets the document."""
        if self.when is None:
            return True
        name, value = self.when
        return (facts.get(name) == value.removeprefix("!")) is not value.startswith("!")


@dataclass(frozen=True, slots=True)
class Opens:
    """Another case that a step opens: once, or one for each permit or organ."""

    procedure: str
    each: Literal["", "permit", "survey_unit", "objecting_unit"] = ""
    #: Facts handed over to the new case.
    carry: tuple[str, ...] = ()
    #: Facts that the new case is given: what it is opened for.
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case can be."""

    id: str
    label: str
    #: Who must act now; only a final state has none.
    lead: Party | None = None
    #: Why no deadline runs here, where none does.
    no_deadline: str = ""
    final: bool = False
    #: Marks without which this state would be unlawful.
    requires: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One card of the procedure."""

    trigger: str
    title: str
    source: str | tuple[str, ...]
    dest: str
    lead: Party
    cooperating: tuple[Party, ...] = ()
    clause: str
    fields: tuple[Field, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    guards: tuple[Guard, ...] = ()
    due: Due | None = None
    #: Further states, before the source, in which this step's deadline already runs.
    due_in: tuple[str, ...] = ()
    ladder: str = "standard"
    emits: tuple[Emits, ...] = ()
    #: Kinds of documents that this step proves served, or signed: each must have been issued before.
    settles: tuple[str, ...] = ()
    opens: tuple[Opens, ...] = ()
    marks: frozenset[Mark] = frozenset()
    #: Not the usual way: return, refusal, reroute, extension.
    exceptional: bool = False
    #: Taken by the clock when its deadline has passed; a person never takes it.
    by_clock: bool = False
    #: What it does to the case's clock: halt it, start it again, or move one deadline.
    clock: Literal["", "stop", "start", "extend"] = ""
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    def target(self, state: str) -> str:
        return state if self.dest == STAY else self.dest

    @property
    def reads_tracks(self) -> bool:
        return any(guard.reads_tracks for guard in self.guards)

    def blockers(self, facts: Facts) -> tuple[Blocker, ...]:
        """What stands in the way, as far as guards know."""
        return tuple(b for guard in self.guards if (b := guard.test(facts)))


@dataclass(slots=True)
class _Position:
    """The light object that `transitions` moves."""

    state: str


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """An explicit state machine of the plan: a route of a mine, or a track beside it."""

    id: str
    title: str
    kind: Literal["intake", "route", "track"]
    clause: str
    initial: str
    states: tuple[CaseState, ...]
    steps: tuple[Step, ...]
    #: What must be said when such a case is opened by hand.
    asks: tuple[Field, ...] = ()
    #: Documents that a case of this procedure is drafted with.
    emits: tuple[Emits, ...] = ()
    #: Raised when stored cases would need another reading.
    version: int = 1
    note: str = ""
    _by_trigger: Mapping[str, Step] = field(init=False, repr=False)
    _by_state: Mapping[str, CaseState] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_state", {state.id: state for state in self.states})
        object.__setattr__(self, "_by_trigger", {step.trigger: step for step in self.steps})

    def state(self, id: str) -> CaseState:
        return self._by_state[id]

    def knows(self, state_id: str) -> bool:
        return state_id in self._by_state

    def step(self, trigger: str) -> Step | None:
        return self._by_trigger.get(trigger)

    @cached_property
    def _from(self) -> dict[str, tuple[Step, ...]]:
        return {s.id: tuple(step for step in self.steps if s.id in step.sources) for s in self.states}

    def steps_from(self, state_id: str) -> tuple[Step, ...]:
        """The ways out of a state, in the order of the file: the usual way first."""
        return self._from[state_id]

    @cached_property
    def _timed(self) -> dict[str, tuple[Step, ...]]:
        return {s.id: tuple(t for t in self.steps if t.due and s.id in (*t.sources, *t.due_in)) for s in self.states}

    def timed_in(self, state_id: str) -> tuple[Step, ...]:
        """The steps whose deadlines run while a case is in this state."""
        return self._timed[state_id]

    @cached_property
    def machine(self) -> Machine:
        # Model-less and without callbacks: guards answer before, effects follow after.
        return Machine(
            model=None,
            states=[s.id for s in self.states],
            transitions=[
                {"trigger": step.trigger, "source": source, "dest": step.target(source)}
                for step in self.steps
                for source in step.sources
            ],
            initial=None,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )

    def move(self, state_id: str, trigger: str) -> str:
        """The state after a trigger. Raises KeyError or ValueError where the machine has no such way."""
        position = _Position(state_id)
        try:
            self.machine.events[trigger].trigger(position)
        except MachineError as error:
            raise ValueError(f"{self.id}: {state_id} -{trigger}->") from error
        return position.state
