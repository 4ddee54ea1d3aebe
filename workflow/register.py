"""New rows that people register: mines and blocks, organs, contacts, accounts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from sqlalchemy import insert
from sqlmodel import Session, col, select

from states.fields import Field, FieldError, clean_name
from states.registry import PROCEDURES
from workflow.context import bump_revision, context_of
from workflow.errors import BadInput, NotFound
from workflow.models import Case, Contact, Mine, Organ, OrganAlias, Permit, User
from workflow.records import checked_text, organ_named
from workflow.registrars import registrar_of
from workflow.views import VOID, Actor, MineView

#: What may be said of a mine when it is first registered: name -> how it is read.
MINE_FIELDS = {
    "holder": Field("holder", "采矿权人"), "mineral": Field("mineral", "开采矿种"), "township": Field("township", "所在乡(镇)"),
    "village": Field("village", "所在村(社区)"), "licence_number": Field("licence_number", "采矿许可证号"),
    "valid_from": Field("valid_from", "有效期自", "date"), "valid_to": Field("valid_to", "有效期至", "date"),
    "scale": Field("scale", "生产规模", "number", unit="万吨/年"),
    "area": Field("area", "矿区面积", "number", unit="平方公里"),
    "predicted_resource": Field("predicted_resource", "预测资源量", "number", unit="万吨"),
    "registrar": Field("registrar", "发证机关"),
}  # fmt: skip
#: Values in one statement: SQLite takes so many.
_AT_ONCE = 500
_LICENCE = re.compile(r"C\d{6}(19|20)\d{2}(0[1-9]|1[0-2])\d{10}")
ORGAN_KINDS = get_args(Organ.__annotations__["kind"])


def actor_named(session: Session, user: str) -> Actor:
    """The account that signs an entry. Raises NotFound."""
    found = session.get(User, user)
    if found is None or not found.active:
        raise NotFound(f"没有名为“{user[:40]}”的账号（或已停用），请核对账号。", hint="请用 minecase users 查看账号。")
    return Actor(found.id, found.organ_id)


def find_mine(session: Session, text: str) -> Mine | None:
    """A mine by its code or full name."""
    return session.exec(select(Mine).where((Mine.code == text) | (Mine.name == text))).first()


@dataclass(frozen=True, slots=True)
class NewMine:
    """What is said of a mine or a planned block that is registered."""

    name: str
    #: Values by the names of `MINE_FIELDS`.
    typed: Mapping[str, Any]
    source: str
    block: bool = False


def register_mine(
    session: Session, name: str, typed: Mapping[str, Any], *, block: bool, source: str, demo: bool = False
) -> Mine:
    """Registers a mine or a planned block, with its mining licence where one is given. Does not commit."""
    (mine,) = register_mines(session, [NewMine(name, typed, source, block)], demo=demo)
    return session.get_one(Mine, mine.id)


def register_mines(session: Session, given: Sequence[NewMine], *, demo: bool = False) -> list[MineView]:
    """Registers mines and blocks, each with its mining licence where one is given. Does not commit."""
    organs, known = context_of(session).organs, dict[str, str]()
    rows = []
    for number, new in enumerate(given, _next_code(session)):
        name, values = _read_mine(new)
        # Only the organ that issued a licence may cancel it; its number says which one that is.
        if registrar := registrar_of(str(values.get("licence_number", "")), organs):
            values["registrar_id"] = registrar
        places = {
            f"{key}_id": known.get(said) or known.setdefault(said, organ_named(session, said))
            for key in ("township", "village") if key in values and (said := str(values.pop(key)))
        }  # fmt: skip
        rows.append(
            {"code": f"M-{number}", "kind": "block" if new.block else "mine", "name": name, "facts": values,
             "holder": str(values.pop("holder", "")), "mineral": str(values.pop("mineral", "")), "source": new.source,
             "demo": demo, "township_id": places.get("township_id", ""), "village_id": places.get("village_id", "")}
        )  # fmt: skip
    return _write_mines(session, rows)


def _write_mines(session: Session, rows: Sequence[dict[str, Any]]) -> list[MineView]:
    if not rows:
        return []
    session.flush()
    session.connection().execute(insert(Mine), rows)
    ids: dict[str, int] = {}
    codes = [row["code"] for row in rows]
    for at in range(0, len(codes), _AT_ONCE):
        found = session.exec(select(Mine.code, Mine.id).where(col(Mine.code).in_(codes[at : at + _AT_ONCE])))
        ids |= {code: key for code, key in found if key is not None}
    permits = [permit for row in rows if (permit := _mining_licence(ids[row["code"]], row))]
    if permits:
        session.connection().execute(insert(Permit), permits)
    return [
        MineView(ids[row["code"]], *(row[name] for name in
                 ("code", "name", "holder", "mineral", "township_id", "village_id", "facts", "demo")))
        for row in rows
    ]  # fmt: skip


def _read_mine(new: NewMine) -> tuple[str, dict[str, Any]]:
    try:
        name = clean_name(new.name, "矿山名称")
        values: dict[str, Any] = {key: MINE_FIELDS[key].read(value) for key, value in new.typed.items()}
        for key in ("holder", "mineral"):
            if key in values:
                values[key] = clean_name(str(values[key]), MINE_FIELDS[key].label)
    except FieldError as error:
        raise BadInput(str(error)) from None
    licence = str(values.get("licence_number", ""))
    if licence and not _LICENCE.fullmatch(licence):
        raise BadInput(f"采矿许可证号“{licence[:30]}”不对：应为字母 C 加 22 位数字，共 23 位，请照证抄录。")
    if values.get("valid_from") and values.get("valid_to") and str(values["valid_from"]) > str(values["valid_to"]):
        raise BadInput(f"有效期自 {values['valid_from']} 晚于有效期至 {values['valid_to']}，请核对。")
    return name, values


def _mining_licence(mine_id: int, row: Mapping[str, Any]) -> dict[str, Any] | None:
    facts = row["facts"]
    number = str(facts.get("licence_number", ""))
    if not number:
        return None
    return {
        "mine_id": mine_id, "kind": "mining", "number": number, "source": row["source"],
        # What was typed as the issuing organ is only words, where the number names one that is registered.
        "registrar": str(facts.get("registrar_id") or facts.get("registrar", "")),
        "valid_from": _day(facts.get("valid_from")), "valid_to": _day(facts.get("valid_to")),
    }  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _next_code(session: Session) -> int:
    codes = session.exec(select(Mine.code).where(col(Mine.code).startswith("M-"))).all()
    return max((int(code[2:]) for code in codes if code[2:].isdigit()), default=0) + 1


def refuse_second_route(session: Session, mine: Mine, procedure: str) -> None:
    """A mine is on one route at a time; another one needs its own approval in the running case."""
    if PROCEDURES[procedure].kind == "track":
        return
    routes = [p.id for p in PROCEDURES.values() if p.kind != "track"]
    running = session.exec(
        select(Case.number).where(
            Case.mine_id == mine.id, col(Case.procedure).in_(routes), col(Case.closed_on).is_(None), Case.state != VOID
        )
    ).first()
    if running:
        raise BadInput(f"{mine.name} 已有在办案件 {running}：改变整治方式须在该案件中重新报批，不能另立一案。")


def add_organ(session: Session, id: str, name: str, kind: str) -> Organ:
    """Registers an organ, such as a township that the plan does not name. Does not commit."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,59}", id):
        raise BadInput(f"单位代号“{id[:40]}”不对：请用小写字母、数字和下划线，例如 township_example。")
    if kind not in ORGAN_KINDS:
        raise BadInput(f"单位类别“{kind[:20]}”不对：可用 {'、'.join(ORGAN_KINDS)}。")
    if kind in ("township", "village", "holder", "registrar") and not id.startswith(kind):
        raise BadInput(f"{kind} 类单位的代号应以 {kind}_ 开头，例如 {kind}_example。")
    try:
        name = clean_name(name, "单位名称")
    except FieldError as error:
        raise BadInput(str(error)) from None
    if session.get(Organ, id) or session.exec(select(Organ).where(Organ.name == name)).first():
        raise BadInput(f"单位“{name}”（{id}）已经登记过。")
    organ = Organ(id=id, name=name, kind=kind, source="人工登记")  # type: ignore[arg-type]
    session.add(organ)
    session.flush()
    session.add(User(id=id, name=f"{name}经办岗", organ_id=id, role="township" if kind == "township" else "clerk"))
    bump_revision(session)
    session.flush()
    return organ


def add_contact(
    session: Session, organ: str, *, email: str, person: str, phone: str, valid_from: date, usable: bool
) -> Contact:
    """Registers where an organ is reached from a day on; earlier contacts end the day before. Does not commit."""
    organ_id = organ_named(session, organ)
    if not usable:
        raise BadInput(f"电子邮箱“{email[:60]}”不对：应形如 name@example.gov.cn。")
    for old in session.exec(select(Contact).where(Contact.organ_id == organ_id, col(Contact.valid_to).is_(None))):
        if old.valid_from >= valid_from:
            raise BadInput(f"该单位自 {old.valid_from} 起已有联系方式，新的应从更晚的日期起用。")
        old.valid_to = date.fromordinal(valid_from.toordinal() - 1)
        session.add(old)
    contact = Contact(
        organ_id=organ_id, email=email, valid_from=valid_from,
        phone=checked_text(phone, "电话") if phone else "",
        person=checked_text(person, "联系人") if person else "",
    )  # fmt: skip
    session.add(contact)
    session.flush()
    return contact


def end_contact(session: Session, contact_id: int, last: date) -> Contact:
    """An address that is not used after a day any more. Does not commit."""
    contact = session.get(Contact, contact_id)
    if contact is None or (contact.valid_to and contact.valid_to <= last):
        raise NotFound("没有这条联系方式，或它早已停用：请刷新后再看。")
    if last < contact.valid_from:
        raise BadInput(f"停用日期 {last} 早于起用日期 {contact.valid_from}，请核对。")
    contact.valid_to = last
    session.add(contact)
    return contact


def add_alias(session: Session, organ_id: str, alias: str) -> OrganAlias:
    """Another name under which papers call an organ. Does not commit."""
    try:
        alias = clean_name(alias, "别名")
    except FieldError as error:
        raise BadInput(str(error)) from None
    taken = session.get(OrganAlias, alias)
    named = session.exec(select(Organ).where(Organ.name == alias)).first()
    if taken or named:
        holder = named or session.get_one(Organ, taken.organ_id if taken else "")
        raise BadInput(f"“{alias}”已经指 {holder.name}，不能再指别的单位。")
    row = OrganAlias(alias=alias, organ_id=organ_id)
    session.add(row)
    session.flush()
    return row
