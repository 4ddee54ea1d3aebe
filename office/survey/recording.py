"""Values of one mine as they come back in a form: read, compared with what others have said, and written as one entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from office.access.people import Person
from office.cases.open_values import recording_cases
from office.survey.mine_sheet import Told, may_fill, mine_of, told_of
from states.fields import Field, FieldError, Value
from states.licence import FORMAT, parse
from states.survey import ITEMS
from workflow.context import Context
from workflow.credit_code import NONE, checked_uscc
from workflow.entries import lock
from workflow.errors import BadInput
from workflow.records import checked_text, record_values


class Refused(Exception):
    """Some values cannot be taken: nothing is kept. Name -> sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__()


class Overtaken(Exception):
    """Somebody else has recorded values since the form was opened."""

    def __init__(self, entries: tuple[Told, ...]) -> None:
        self.entries = entries
        super().__init__()


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came back."""

    #: Name -> what stands in the form.
    typed: Mapping[str, str]
    #: Name -> what stood there when it was opened.
    was: Mapping[str, str]
    seen: int
    on: date
    source: str

    @property
    def changed(self) -> dict[str, str]:
        return {
            name: text.strip() for name, text in self.typed.items()
            if name in ITEMS and text.strip() != self.was.get(name, "").strip()
        }  # fmt: skip


def save(session: Session, person: Person, code: str, filled: Filled, context: Context) -> int:
    """Records what was changed as one entry; answers how many values. Does not commit.

    Raises Overtaken, Refused and BadInput; then nothing is written.
    """
    mine = mine_of(session, person, code)
    number = recording_cases(session, {mine.id or 0}).get(mine.id or 0, "")
    if not number:
        raise BadInput("这个矿山还没有案件，不能登记：请先立案。")
    # Locked before it is compared: of two people who save at once, the second sees what the first has written.
    lock(session, number)
    session.refresh(mine)
    newer = tuple(entry for entry in told_of(session, mine, context) if entry.seq > filled.seen)
    if newer:
        raise Overtaken(newer)
    changed = filled.changed
    if not changed:
        raise BadInput("没有改动任何一项：请填写或修改后再保存。")
    if not all(may_fill(person, ITEMS[name]) for name in changed):
        raise BadInput("有的项目不由您的单位填写，没有保存：请刷新页面后重新填写。")
    values = read(changed, mine.facts)
    source = checked_text(filled.source, "来源")
    record_values(session, number, values, actor=person.actor, on=filled.on, source=source)
    return len(values)


def read(typed: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as it is stored; an empty text takes a value back. Raises Refused."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in typed.items():
        try:
            values[name] = _read(ITEMS[name].field, text) if text else None
        except (FieldError, BadInput) as error:
            problems[name] = str(error)
    after = {**facts, **values}
    first, last = after.get("valid_from"), after.get("valid_to")
    if first and last and str(first) > str(last) and {"valid_from", "valid_to"} & values.keys() and not problems:
        problems["valid_to"] = f"有效期自 {first} 晚于有效期至 {last}，请核对。"
    if problems:
        raise Refused(problems)
    return values


def _read(field: Field, text: str) -> Value:
    """The stored form, spelled as a sheet would spell it; 无 is an answer where a number is asked for."""
    if field.name == "licence_number" and text not in NONE and parse(text) is None:
        raise BadInput(f"采矿许可证号“{text[:30]}”不对：{FORMAT}。")
    if field.name == "business_licence_number":
        return checked_uscc(text)
    value = field.read(text)
    return format(Decimal(str(value)).normalize(), "f") if field.type == "number" else value
