"""What a sheet has beside its cells: paper, panes, drop-downs, hints, and colours by condition."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from office.sheets.writing import Column

#: Criterion, value or pair of values, ground and ink of a condition.
Rule = tuple[str, Any, str, str]
LATE: Rule = ("<", 0, "#FDECEA", "#A3211A")
GREY = "#EEF0F3"
#: What Excel takes as an input hint, and as the words of a drop-down.
_HINT, _LIST = 255, 255
#: Of a sheet that is several pages wide, in percent.
_SCALE = 61


def soon(days: int) -> Rule:
    """Amber from today on for so many days."""
    return ("between", (0, days), "#FFF4DD", "#7A4800")


def lay_out(
    page: Worksheet, columns: Sequence["Column"], made: Callable[..., Format], *, frozen: int, breaks: Sequence[int]
) -> None:
    """A4 landscape with the head on every page, widths, and the panes that stay."""
    heads = 4 if any(column.group for column in columns) else 3
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(2, heads - 1)
    if frozen:
        page.repeat_columns(0, frozen - 1)
    if breaks:
        page.set_print_scale(_SCALE)
        page.set_v_pagebreaks(list(breaks))
    else:
        page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.freeze_panes(heads, frozen)
    for place, column in enumerate(columns):
        # What is typed below the rows is to look, and be kept, like what stands in them.
        usual = made(num_format=column.format) if column.format else None
        page.set_column(place, place, column.width, usual)


def dress(
    page: Worksheet, columns: Sequence["Column"], top: int, count: int, room: int, made: Callable[..., Format]
) -> None:
    """Drop-downs, hints and colours over the rows that are there, and over the room below them."""
    last = top + count + room - 1
    if last < top:
        return
    for place, column in enumerate(columns):
        if column.choices or column.note:
            page.data_validation(top, place, last, place, _validation(column))
        _mark(page, top, place, last, column.marked, made)


def _validation(column: "Column") -> dict[str, Any]:
    hint = {"input_title": column.head[:32], "input_message": column.note[:_HINT]} if column.note else {}
    if not column.choices or len(",".join(column.choices)) > _LIST:
        return {"validate": "any", **hint}
    wrong = {"error_title": "请从列表中选择", "error_message": "这一栏只能选列表里的值；不清楚的请留空。"}
    return {"validate": "list", "source": list(column.choices), **hint, **wrong}


def _mark(page: Worksheet, top: int, place: int, last: int, rules: Sequence[Rule], made: Callable[..., Format]) -> None:
    if rules:
        # An empty cell compares like 0; it must not look as if it were due today.
        page.conditional_format(top, place, last, place, {"type": "blanks", "stop_if_true": True})
    for criterion, value, ground, ink in rules:
        values = {"minimum": value[0], "maximum": value[1]} if isinstance(value, tuple) else {"value": value}
        rule = {"type": "cell", "criteria": criterion, **values, "format": made(bg_color=ground, font_color=ink)}
        page.conditional_format(top, place, last, place, rule)
