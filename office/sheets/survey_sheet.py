"""摸底台账: the survey's columns as an empty template, and filled with what is known of every mine."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from office.access.people import Person
from office.cases.case_rows import place_name
from office.cases.mine_file import mine_seen
from office.sheets.annexes import number
from office.sheets.columns import IDENTITY, SHOWN, STAMP, SURVEY, SheetColumn, stamp
from office.sheets.standing import Standing, standings
from office.sheets.writing import DAY, MONEY, TEXT, Book, Column
from states.survey import BLOCKS, ITEMS, Item
from workflow.context import Context
from workflow.models import Mine

NAME = "摸底台账"
#: Rows of the template that look ready to be filled in, and rows for which the drop-downs hold.
_READY, ROOM = 30, 2000
#: Mines that are read, and asked after, at once.
_AT_ONCE = 500
_BLOCK_OF = {item.name: block for block in BLOCKS for item in block.items}
_WIDTHS = {
    "name": 34, "holder": 30, "licence_number": 26, "code": 9, "mineral": 10, "township_id": 11, "village_id": 18,
    "safety_permit_number": 18, "business_licence_number": 20, "discharge_permit_number": 18, "case": 16, "route": 12,
    "state": 18, STAMP: 4, **{name: 22 for name in ITEMS if name.startswith("penalty_")},
}  # fmt: skip
_NOTES = {
    "code": "系统编号，照原样保留；新登记的矿山留空。", "name": "按采矿许可证上的名称填写；已登记矿山的名称不能在表格里改。",
    "holder": "按采矿许可证填写；已登记的不能在表格里改，变更须在案件中办理更正。",
    "mineral": "按采矿许可证填写；已登记的不能在表格里改。", "township_id": "从列表中选择。",
    "village_id": "填写已登记的村（社区）名称；没有登记的请先在“单位与联系方式”中登记。",
    "licence_number": "字母 C 加 22 位数字，共 23 位，照证抄录。",
}  # fmt: skip
_SHOWN_NOTE = "只供查看：由办理环节决定，在表格里改了也不会生效，导入时会指出该在哪一环节办理。"
_HELP = (
    Column("列", 6), Column("栏目", 30), Column("分类", 20), Column("由谁填报", 24), Column("怎么填", 60),
    Column("可选值", 40), Column("单位", 12),
)  # fmt: skip


def survey_template(context: Context) -> bytes:
    """The empty sheet that is sent to the organs: drop-downs, hints at every column, and a second sheet that explains."""
    book = Book()
    columns = tuple(column for column in SURVEY if column.name not in ("code", *SHOWN, STAMP))
    heads = _heads(columns, context, read_only=False)
    empty = [("",) * len(heads)] * _READY
    line = "一行一座矿山；不清楚的留空，不要填“无”“不详”。填写要求见“填写说明”。"
    book.add(
        _title(context), line, heads, empty, name=NAME, counted=False, room=ROOM, frozen=2, breaks=_breaks(columns)
    )
    _explain(book, columns, context)
    return book.data()


def survey_ledger(session: Session, person: Person, context: Context, today: date) -> bytes:
    """Every mine that the person may see, with what is known of it. Two statements for each five hundred; nothing is held."""
    book = Book()
    line = f"导出时间：{today}　导出人：{person.organ} {person.name}　灰色栏目只供查看；最后一栏是系统标记，请勿改动"
    lines = _lines(session, person, context)
    heads = _heads(SURVEY, context, read_only=True)
    book.add(_title(context), line, heads, lines, name=NAME, counted=False, room=ROOM, frozen=3, breaks=_breaks(SURVEY))
    _explain(book, SURVEY, context)
    return book.data()


def _title(context: Context) -> str:
    return f"{context.plan.get('county', '')}非煤矿山调查摸底台账"


def _heads(columns: Sequence[SheetColumn], context: Context, *, read_only: bool) -> tuple[Column, ...]:
    return (Column("序号", 6, group="矿山"), *(_head(column, context, read_only=read_only) for column in columns))


def _head(column: SheetColumn, context: Context, *, read_only: bool) -> Column:
    name = column.name
    block = _BLOCK_OF.get(name)
    return Column(
        column.head, _WIDTHS.get(name, 12), _format(column), _choices(column, context), _note(column, context),
        block.title if block else "矿山" if name in IDENTITY else "办理情况（只供查看）",
        grey=read_only and not column.editable, faint=name == STAMP,
    )  # fmt: skip


def _format(column: SheetColumn) -> str:
    if column.field.type == "number":
        return MONEY if column.field.unit == "万元" else ""
    return DAY if column.field.type == "date" or column.name == "due_on" else TEXT


def _choices(column: SheetColumn, context: Context) -> tuple[str, ...]:
    if column.kind == "township":
        # A government of a county or a branch office is none: the townships are those whose id says so.
        return tuple(place_name(context, organ) for organ in context.organs if organ.startswith("township_"))
    return tuple((column.field.choices or {}).values())


def _note(column: SheetColumn, context: Context) -> str:
    if column.name == STAMP:
        return "系统据此判断导出以后系统里有没有改过，请勿改动。"
    item = ITEMS.get(column.name)
    if item is None:
        return _SHOWN_NOTE if column.name in SHOWN else _NOTES.get(column.name, "")
    said = [
        _NOTES.get(column.name) or _how(item),
        f"由{context.organs.get(item.asked_of.id, item.asked_of.name)}填报。",
    ]
    if item.only_if:
        on = ITEMS[item.only_if[0]].field
        said.append(f"“{on.label}”为“{(on.choices or {}).get(item.only_if[1], item.only_if[1])}”时填写。")
    return "".join(said)


def _how(item: Item) -> str:
    field = item.field
    return {
        "date": "填日期，如 2026-11-23。", "number": f"只填数字，单位：{field.unit}。", "choice": "从列表中选择。",
    }.get(field.type, "照证件或文书抄录。" if item.name.endswith("_number") else "用文字写明。")  # fmt: skip


def _breaks(columns: Sequence[SheetColumn]) -> list[int]:
    """On paper each block begins a page, with the mines' names repeated at its left."""
    titles = [_BLOCK_OF[c.name].title if c.name in _BLOCK_OF else c.name in IDENTITY for c in columns]
    return [place for place in range(2, len(columns) + 1) if titles[place - 1] != titles[place - 2]]


def _explain(book: Book, columns: Sequence[SheetColumn], context: Context) -> None:
    def line(place: int, column: SheetColumn) -> tuple[object, ...]:
        item, block = ITEMS.get(column.name), _BLOCK_OF.get(column.name)
        asked = context.organs.get(item.asked_of.id, item.asked_of.name) if item else ""
        return (
            _letter(place), column.head, block.title if block else "", asked, _note(column, context),
            "、".join(_choices(column, context)), column.field.unit,
        )  # fmt: skip

    rows = (line(place, column) for place, column in enumerate(columns, 1))
    book.add(
        "填写说明", "填好后由工作组办公室在“表格导入导出”页面导入：先看对比，确认后才写入。", _HELP, rows, counted=False
    )


def _letter(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _lines(session: Session, person: Person, context: Context) -> Iterator[tuple[object, ...]]:
    query = select(Mine).where(mine_seen(person)).order_by(col(Mine.id)).execution_options(yield_per=_AT_ONCE)
    place = 0
    for some in session.exec(query).partitions():
        standing = standings(session, [mine.id or 0 for mine in some])
        for mine in some:
            place += 1
            yield (place, *_line(mine, standing.get(mine.id or 0), context))
            # What has been written is not needed again.
            session.expunge(mine)


def _line(mine: Mine, standing: Standing | None, context: Context) -> tuple[object, ...]:
    shown = standing.shown if standing else {}
    places = {"township_id": mine.township_id, "village_id": mine.village_id}
    cells: dict[str, object] = {
        "code": mine.code, "name": mine.name, "holder": mine.holder, "mineral": mine.mineral,
        **{name: place_name(context, organ) for name, organ in places.items()},
        **{item.name: _cell(item, mine.facts.get(item.name)) for item in ITEMS.values()},
        **shown, "due_on": standing.due_on if standing else None, STAMP: stamp({**mine.facts, **places}, shown),
    }  # fmt: skip
    return tuple(cells.get(column.name) for column in SURVEY)


def _cell(item: Item, value: Any) -> object:
    if value in (None, ""):
        return None
    field = item.field
    if field.type == "date":
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return str(value)
    return number(value) if field.type == "number" else (field.choices or {}).get(str(value), str(value))
