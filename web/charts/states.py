"""State diagrams as SVG, drawn from the machine itself: all states, all steps, and how far a case has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from states.kernel import CaseState, Procedure, Step
from web.charts.states_layout import layout
from web.charts.states_shapes import BOX_HEIGHT, LINE, SMALL, Line, Rect, Way
from web.charts.states_words import wrap, xml

#: Stroke, ground and letters of boxes, and the colours of lines, by how a state or step stands.
_BOXES = {
    "plain": ("#8a94a3", "#ffffff", "#1f2937"), "done": ("#4a9e68", "#e7f5ec", "#14592d"),
    "here": ("#144a8d", "#1a5fb4", "#ffffff"), "ahead": ("#1a5fb4", "#ffffff", "#144a8d"),
    "away": ("#9aa4b1", "#ffffff", "#5f6b7a"),
}  # fmt: skip
_LINES = {
    "plain": ("#7a8594", "#374151"), "done": ("#2f8f53", "#1d7a3e"), "ahead": ("#1a5fb4", "#144a8d"),
    "away": ("#a9b2be", "#5f6b7a"),
}  # fmt: skip
_LETTERS = 13


@dataclass(frozen=True, slots=True)
class Past:
    """How far a case has come."""

    #: The state that it is in.
    here: str
    #: State -> day on which the case came into it last.
    visited: Mapping[str, date] = field(default_factory=dict)
    #: State and step that were taken and stand.
    taken: frozenset[tuple[str, str]] = frozenset()
    due_on: date | None = None
    #: Whether any way is ahead; none is of a closed case.
    open: bool = True
    #: Steps that are no way ahead, for they belong to cases of another kind.
    elsewhere: frozenset[str] = frozenset()

    def leads_on(self, source: str, trigger: str) -> bool:
        """Whether a step out of a state is a way ahead now."""
        return self.open and source == self.here and trigger not in self.elsewhere


def diagram(procedure: Procedure, past: Past | None = None) -> Markup:
    """The drawing as an `<svg>` element; without a case, the bare procedure."""
    found = layout(procedure)
    name = f"flow-{procedure.id}"
    ways = sorted(found.ways, key=lambda way: _ORDER[_standing(procedure, way, past)])
    parts = [
        f'<svg class="flow{" wide" if found.width > 860 else ""}" xmlns="http://www.w3.org/2000/svg" '
        f'role="img" aria-labelledby="{name}-title {name}-desc" '
        f'width="{_n(found.width)}" height="{_n(found.height)}" viewBox="0 0 {_n(found.width)} {_n(found.height)}" '
        'font-family="inherit">',
        f'<title id="{name}-title">{xml(procedure.title)}流程图</title>',
        f'<desc id="{name}-desc">{xml(_described(procedure, past))}</desc>',
        *_markers(name),
        *(_lines(procedure, way, past, name) for way in ways),
        *(_box(state, found.boxes[state.id], past, procedure) for state in procedure.states),
        *(_label(procedure, way, past) for way in ways),
        "</svg>",
    ]
    return Markup("".join(parts))


#: What is drawn first and what over it.
_ORDER = {"away": 0, "plain": 0, "ahead": 1, "done": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One step in the list that says the same as the drawing."""

    step: Step
    sources: tuple[str, ...]
    dest: str
    #: 已办理, 目前可办 or empty.
    standing: str


def rows(procedure: Procedure, past: Past | None = None) -> list[Row]:
    """What the drawing shows, as a list for those who do not see it."""
    label = {state.id: state.label for state in procedure.states}
    words = {"done": "已办理", "ahead": "目前可办"}
    return [
        Row(step, tuple(label[s] for s in step.sources), label.get(step.dest, "原环节不变"),
            words.get(_standing(procedure, way, past), ""))
        for way in layout(procedure).ways if (step := procedure.step(way.trigger))
    ]  # fmt: skip


def _described(procedure: Procedure, past: Past | None) -> str:
    about, words = f"{procedure.title}共 {len(procedure.states)} 个状态。", "图后的“文字说明”逐一列出每个环节。"
    if past is None or not procedure.knows(past.here):
        return about + words
    due = f"，期限 {past.due_on}" if past.due_on else ""
    here = procedure.state(past.here).label
    return f"{about}目前处于“{here}”{due}；已经过 {len(past.visited)} 个状态。{words}"


def _standing(procedure: Procedure, way: Way, past: Past | None) -> str:
    """How a step as a whole stands."""
    if past is None:
        return "plain"
    kinds = {_way_kind(way, source, past) for source in _sources(procedure, way)}
    return next(kind for kind in ("ahead", "done", "away") if kind in kinds)


def _sources(procedure: Procedure, way: Way) -> tuple[str, ...]:
    step = procedure.step(way.trigger)
    assert step is not None
    return step.sources


def _way_kind(way: Way, source: str, past: Past | None) -> str:
    if past is None:
        return "plain"
    if past.leads_on(source, way.trigger):
        return "ahead"
    return "done" if (source, way.trigger) in past.taken else "away"


def _markers(name: str) -> list[str]:
    marks = [
        f'<marker id="{name}-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0.6 8 4 0 7.4z" fill="{stroke}"/></marker>'
        for kind, (stroke, _) in _LINES.items()
    ]
    return ["<defs>", *marks, "</defs>"]


def _lines(procedure: Procedure, way: Way, past: Past | None, name: str) -> str:
    drawn = []
    kinds = [(_ORDER[k], k, line) for line in way.lines if (k := _line_kind(procedure, way, line, past))]
    for _, kind, line in sorted(kinds, key=lambda found: found[0]):
        stroke = _LINES[kind][0]
        dash = ' stroke-dasharray="4 3"' if way.back else ""
        end = f' marker-end="url(#{name}-{kind})"' if line.arrow else ""
        width = "1.2" if kind in ("plain", "away") else "1.8"
        drawn.append(
            f'<path d="{_path(line.points)}" fill="none" stroke="{stroke}" stroke-width="{width}"{dash}{end}/>'
        )
        if not line.arrow and line.source:
            x, y = line.points[0]
            drawn.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.6" fill="{stroke}"/>')
    return f'<g data-step="{xml(way.trigger)}">{"".join(drawn)}</g>'


def _line_kind(procedure: Procedure, way: Way, line: Line, past: Past | None) -> str:
    return _way_kind(way, line.source, past) if line.source else _standing(procedure, way, past)


def _box(state: CaseState, rect: Rect, past: Past | None, procedure: Procedure) -> str:
    kind = _box_kind(state, past, procedure)
    stroke, ground, ink = _BOXES[kind]
    dash = ' stroke-dasharray="4 3"' if kind == "away" else ""
    words = wrap(state.label, (rect.width - 8) / _LETTERS)
    below = _below(state, kind, past)
    height = len(words) * 16 + (14 if below else 0)
    top = rect.y + (BOX_HEIGHT - height) / 2
    middle = rect.x + rect.width / 2
    text = [
        _text(word, middle, top + 16 * n + 12.5, _LETTERS, ink, bold=kind == "here") for n, word in enumerate(words)
    ]
    if below:
        text.append(_text(below, middle, top + height - 2.5, SMALL, ink))
    around = Rect(rect.x - 3, rect.y - 3, rect.width + 6, rect.height + 6)
    frame = (
        f'<rect {_place(around)} rx="6" fill="none" stroke="{stroke}" stroke-width="0.8"{dash}/>' if state.final else ""
    )
    box = f'<rect {_place(rect)} rx="4" fill="{ground}" stroke="{stroke}" stroke-width="1.3"{dash}/>'
    return f'<g data-state="{xml(state.id)}">{frame}{box}{"".join(text)}</g>'


def _place(rect: Rect) -> str:
    return f'x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.width)}" height="{_n(rect.height)}"'


def _text(word: str, middle: float, y: float, size: int, ink: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    at = f'x="{_n(middle)}" y="{_n(y)}" text-anchor="middle"'
    return f'<text {at} font-size="{size}"{weight} fill="{ink}">{xml(word)}</text>'


def _box_kind(state: CaseState, past: Past | None, procedure: Procedure) -> str:
    if past is None:
        return "plain"
    if state.id == past.here:
        return "here"
    if state.id in past.visited:
        return "done"
    ahead = any(
        step.dest == state.id and past.leads_on(past.here, step.trigger)
        for step in procedure.steps
        if past.here in step.sources
    )
    return "ahead" if ahead else "away"


def _below(state: CaseState, kind: str, past: Past | None) -> str:
    """The day under a state's name."""
    if past is None:
        return ""
    if kind == "here" and past.due_on:
        return f"限 {past.due_on}"
    return past.visited[state.id].isoformat() if state.id in past.visited else ""


def _label(procedure: Procedure, way: Way, past: Past | None) -> str:
    kind = _standing(procedure, way, past)
    ink, rect = _LINES[kind][1], way.label
    middle = rect.x + rect.width / 2
    text = "".join(
        _text(word, middle, rect.y + LINE * n + 10.4, SMALL, ink, bold=kind == "ahead")
        for n, word in enumerate(way.words)
    )
    ground = f'<rect {_place(rect)} fill="#ffffff"/>'
    return f'<g data-label="{xml(way.trigger)}">{ground}{text}</g>'


def _path(points: tuple[tuple[float, float], ...]) -> str:
    """Straight lines with rounded corners."""
    start, *rest = points
    drawn = [f"M{_n(start[0])} {_n(start[1])}"]
    before = start
    for place, point in enumerate(rest):
        if place == len(rest) - 1:
            drawn.append(f"L{_n(point[0])} {_n(point[1])}")
            continue
        after = rest[place + 1]
        r = min(5.0, _long(before, point) / 2, _long(point, after) / 2)
        a, b = _toward(point, before, r), _toward(point, after, r)
        drawn.append(f"L{_n(a[0])} {_n(a[1])}Q{_n(point[0])} {_n(point[1])} {_n(b[0])} {_n(b[1])}")
        before = point
    return "".join(drawn)


def _long(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _toward(start: tuple[float, float], end: tuple[float, float], far: float) -> tuple[float, float]:
    length = _long(start, end) or 1
    return start[0] + (end[0] - start[0]) * far / length, start[1] + (end[1] - start[1]) * far / length


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
