"""The plan's lists as its annexes print them: 附件2 and 附件3, in a shape that can be taken in again."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from office.cases.lists import HEADS, TITLES, Listed
from office.sheets.columns import ANNEX2, ANNEX3, COLUMNS
from office.sheets.writing import TEXT, Book, Column, sheet

_WIDTHS = {
    "name": 40,
    "holder": 34,
    "licence_number": 27,
    "validity": 24,
    "location": 30,
    "exit_year": 14,
    "transfer_year": 12,
}
#: What the annex prints above the two columns with ticks.
_WAY = "关闭退出方式"
_NAMES = {"exit": "非煤矿山企业关闭退出名单", "new": "非煤矿山拟新设置名单"}


def list_sheet(name: str, lines: Iterable[Listed], county: str, *, today: date, by: str) -> bytes:
    """One of the lists: the two that the plan has as its annexes do, with merged heads and ticks; the third as on its page."""
    line = f"导出时间：{today}　导出人：{by}"
    if name not in _NAMES:
        return _as_on_the_page(name, lines, f"{county}非煤矿山{TITLES[name]}", line)
    # Heads that are merged downwards: held, not streamed. A list has as many rows as the county has mines.
    book = Book(streaming=False)
    columns = (Column("序号", 6), *(_column(one) for one in (ANNEX2 if name == "exit" else ANNEX3)))
    rows = ((place, *_CELLS[name](listed)) for place, listed in enumerate(lines, 1))
    book.add(f"{county}{_NAMES[name]}", line, columns, rows, counted=False)
    return book.data()


def _column(name: str) -> Column:
    tick = name.startswith("tick_")
    return Column(
        COLUMNS[name].head, _WIDTHS.get(name, 12), TEXT if name == "licence_number" else "", centred=tick,
        group=_WAY if tick else "", choices=("√",) if tick else (),
    )  # fmt: skip


def _exit(listed: Listed) -> Sequence[object]:
    view, facts = listed.view, listed.view.mine.facts
    route = view.facts.get("proposed_route") if view.procedure_id == "intake" else view.procedure_id
    return (
        view.mine.name, view.mine.holder, facts.get("licence_number"), view.mine.mineral, number(facts.get("scale")),
        _span(facts.get("valid_from"), facts.get("valid_to")), "√" if route == "closure" else "",
        "√" if route == "guided_exit" else "", _year(view.facts.get("exit_year")),
    )  # fmt: skip


def _new(listed: Listed) -> Sequence[object]:
    view, facts = listed.view, listed.view.mine.facts
    return (
        view.mine.name, view.mine.mineral, number(facts.get("area")), number(facts.get("predicted_resource")),
        listed.cells[HEADS["new"].index("地理位置")], _year(view.facts.get("transfer_year")),
    )  # fmt: skip


_CELLS: dict[str, Callable[[Listed], Sequence[object]]] = {"exit": _exit, "new": _new}


def _as_on_the_page(name: str, lines: Iterable[Listed], title: str, line: str) -> bytes:
    heads = ("序号", *HEADS[name], "当前环节", "案件编号")
    columns = [Column(head, 30 if place == 1 else 18 if place > 1 else 6) for place, head in enumerate(heads)]
    rows = ((place, *listed.cells, listed.state, listed.view.number) for place, listed in enumerate(lines, 1))
    return sheet(title, line, columns, rows)


def number(text: object) -> object:
    """A stored number as a number of the sheet; as text where that would lose digits, nothing where there is none."""
    if text in (None, ""):
        return None
    try:
        exact = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    if exact == exact.to_integral_value() and abs(exact) < 10**15:
        return int(exact)
    return float(exact) if Decimal(repr(float(exact))) == exact else str(text)


def _span(first: object, last: object) -> str:
    """2024.12.1-2025.1.2, as the annex writes a term."""
    return "-".join(_dotted(str(day)) for day in (first, last) if day) if last else ""


def _dotted(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year}.{day.month}.{day.day}"


def _year(year: object) -> str:
    return f"{year}年" if year else ""
