"""What a person may draft, for which cases and in whose name: only kinds that an organ of theirs may lawfully issue."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from office.access.people import Person, visible
from states import documents
from states.documents import KINDS, DocumentKind
from states.parties import ENFORCER, ENFORCERS, Party
from states.registry import PROCEDURES
from workflow.errors import BadInput, NotFound
from workflow.issuing import draft, has_power
from workflow.models import Case, Mine, Organ
from workflow.views import VOID

FORMS: tuple[documents.Form, ...] = ("文件", "信函", "上行文", "法律文书", "承诺书", "表单", "台账")
#: More cases than these are not offered as a list; their numbers are typed.
OFFERED = 60


def lawful(person: Person, kind: DocumentKind) -> bool:
    """Whether the person's organ issues the kind itself, or prepares it for the organ that does."""
    if not person.handles_cases:
        return False
    organ = person.organ_id
    return documents.may_issue(organ, kind) or any(has_power(kind, party.id, organ) for party in _issuers(kind))


def _issuers(kind: DocumentKind) -> list[Party]:
    """Who may issue a kind; the enforcement organs one by one."""
    return [one for party in kind.issuers for one in (ENFORCERS if party is ENFORCER else (party,))]


def kinds_for(person: Person) -> list[tuple[str, list[DocumentKind]]]:
    """The kinds that the person may draft, by form."""
    found = [(form, [kind for kind in KINDS if kind.form == form and lawful(person, kind)]) for form in FORMS]
    return [(form, kinds) for form, kinds in found if kinds]


def issuers_for(session: Session, person: Person, kind: DocumentKind) -> list[tuple[str, str]]:
    """In whose name a paper of a kind may be drafted; the empty one is for the procedure to find."""
    able = [party for party in _issuers(kind) if has_power(kind, party.id, person.organ_id)]
    fixed = [party.id for party in able if not party.is_role]
    if documents.may_issue(person.organ_id, kind) and person.organ_id not in fixed:
        fixed.insert(0, person.organ_id)
    names = {organ.id: organ.name for organ in session.exec(select(Organ).where(col(Organ.id).in_(fixed)))}
    # Their own organ stands first: it is what is chosen when nothing else is.
    fixed.sort(key=lambda organ: organ != person.organ_id)
    roles = [party.name for party in able if party.is_role]
    found = [(organ, names[organ]) for organ in fixed if organ in names]
    return [*found, *([("", f"按案件确定（{'、'.join(roles)}）")] if roles or not found else [])]


def offered_cases(session: Session, person: Person) -> list[tuple[str, str]]:
    """Running cases that the person may see: number and words; empty where there are too many for a list."""
    query = (
        select(Case.number, Case.procedure, Mine.name).join(Mine, col(Case.mine_id) == Mine.id)
        .where(visible(person), col(Case.closed_on).is_(None), Case.state != VOID)
        .order_by(col(Case.id)).limit(OFFERED + 1)
    )  # fmt: skip
    found = [(number, f"{number}　{mine}（{PROCEDURES[name].title}）") for number, name, mine in session.exec(query)]
    return found if len(found) <= OFFERED else []


def begin(
    session: Session, person: Person, kind: DocumentKind, numbers: Sequence[str], *, joint: bool, issuer: str, on: date
) -> list[int]:
    """Drafts one paper for each case, or one for all; answers their numbers in the register. Does not commit."""
    if not lawful(person, kind):
        raise BadInput(documents.refusal(person.organ, kind))
    # Cases are locked in one order by everyone.
    wanted = sorted(set(numbers))
    _only_seen(session, person, wanted)
    given = {"actor": person.actor, "on": on, "issuer": issuer}
    if joint and len(wanted) > 1:
        return [draft(session, kind.id, cases=tuple(wanted), **given).id or 0]  # type: ignore[arg-type]
    return [draft(session, kind.id, number, **given).id or 0 for number in wanted or [""]]  # type: ignore[arg-type]


def _only_seen(session: Session, person: Person, numbers: Sequence[str]) -> None:
    query = select(Case.number).join(Mine, col(Case.mine_id) == Mine.id)
    seen = set(session.exec(query.where(col(Case.number).in_(numbers), visible(person))))
    unknown = [f"“{number[:40]}”" for number in numbers if number not in seen]
    if unknown:
        raise NotFound(f"没有编号为{'、'.join(unknown[:5])}的案件，或者不在您的职责范围内：请核对案件编号。")
