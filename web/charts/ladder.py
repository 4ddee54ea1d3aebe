"""A ladder of reminders as a line: days before the due day on the left, overdue on the right."""

from html import escape

from markupsafe import Markup

from workflow.ladders import Ladder

_WIDTH, _HEIGHT, _LINE = 860, 118, 62
_LEFT, _DUE, _RIGHT = 40, 470, 830


def drawing(ladder: Ladder, words: str) -> Markup:
    """SVG without any style; `words` say the same to whoever does not see it."""
    before = sorted({days for days in ladder.before if days}, reverse=True)
    # Rungs stand at equal distances: in proportion the last days would lie on top of each other.
    step = (_DUE - _LEFT) / (len(before) or 1)
    marks = [(_LEFT + round(step * n), f"前{days}天", "#1a5fb4", "") for n, days in enumerate(before)]
    if 0 in ladder.before:
        marks.append((_DUE, "到期日", "#9a5b00", ""))
    late = sorted([(ladder.overdue_first, f"逾{ladder.overdue_first}天", "#c4281c", ""),
                   (ladder.overdue_first + ladder.overdue_every, f"每{ladder.overdue_every}天", "#c4281c", ""),
                   *((days, f"逾{days}天", "#7a1710", "督办单" if level == "supervise" else "通报")
                     for days, level in ladder.escalations())])  # fmt: skip
    gap = (_RIGHT - _DUE) / (len(late) or 1)
    marks += [(_DUE + round(gap * (n + 1)), text, tone, paper) for n, (_, text, tone, paper) in enumerate(late)]
    inner = "".join(_mark(*mark) for mark in marks)
    return Markup(
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(words)}">'
        f'<path d="M{_LEFT} {_LINE}H{_DUE}" stroke="#1a5fb4" stroke-width="3"/>'
        f'<path d="M{_DUE} {_LINE}H{_WIDTH}" stroke="#c4281c" stroke-width="3" stroke-dasharray="7 4"/>'
        f'<path d="M{_DUE} 70V104" stroke="#9aa4b1"/>{inner}</svg>'
    )


def _mark(x: int, text: str, tone: str, paper: str) -> str:
    """A dot with its day above; what is drafted stands below."""
    below = (
        f'<rect x="{x - 26}" y="82" width="52" height="22" rx="3" fill="#fdecea" stroke="#f1b9b4"/>'
        f'<text x="{x}" y="98" text-anchor="middle" fill="#7a1710">{paper}</text>'
        f'<path d="M{x} {_LINE + 7}V82" stroke="{tone}"/>'
        if paper else ""
    )  # fmt: skip
    return (
        f'<circle cx="{x}" cy="{_LINE}" r="6" fill="#fff" stroke="{tone}" stroke-width="3"/>'
        f'<text x="{x}" y="44" text-anchor="middle">{text}</text>{below}'
    )


def in_words(ladder: Ladder) -> str:
    """The ladder as a sentence."""
    ahead = "、".join(str(days) for days in ladder.before if days)
    parts = [f"到期前 {ahead} 天" if ahead else "", "到期当天" if 0 in ladder.before else ""]
    said = "、".join(part for part in parts if part) + "各提醒一次"
    said += f"；逾期 {ladder.overdue_first} 天起提醒，以后每 {ladder.overdue_every} 天一次，直到办结"
    if ladder.supervise_after:
        said += f"；逾期 {ladder.supervise_after} 天起草督办单"
    if ladder.criticise_after:
        said += f"；逾期 {ladder.criticise_after} 天起草通报"
    return said + "。"
