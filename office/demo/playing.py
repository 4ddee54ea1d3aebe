"""Plays the demonstration county up to a day: every mine's script, merged in the order of the calendar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from office.demo.clerk import Clerk, tracks_of
from office.demo.county import demo_plan, township, village
from office.demo.lines import DemoMine, Line, Part, mines
from office.demo.sheets import bring
from office.demo.surveying import SURVEY, tell
from office.running.installation import Office
from workflow import clock
from workflow.beat import confirm
from workflow.clock import OFFICE
from workflow.engine import open_case
from workflow.models import Mine, OpenValue, Organ
from workflow.plan import read_plan
from workflow.register import actor_named, add_contact, find_mine, register_mine

#: Kinds of organs that get mail.
_REACHED = ("county", "branch", "group", "township", "unit")
#: What nobody has said yet of every fifth mine: name -> (label, who is asked, clause).
_OPEN = {
    "safety_permit_number": ("安全生产许可证编号", "emergency", "二(一)"),
    "business_licence_number": ("营业执照编号", "approval", "二(一)"),
    "production_status": ("生产经营状况", "natural_resources", "四(一)"),
}
#: Mornings that the scheduler has kept before the demonstration begins.
_MORNINGS = 150


@dataclass(frozen=True, slots=True, order=True)
class _Deed:
    """Something that happens on a day; deeds of a day in the order of the list."""

    on: date
    place: int
    mine: DemoMine
    part: Part
    line: Line | None


def play(office: Office, today: date, progress: Callable[[date], None] | None = None) -> list[str]:
    """Fills an empty office with the demonstration county; answers what could not be written."""
    with clock.telling(_at(date(2025, 3, 20))):
        office.init(demo_plan(read_plan(office.settings.plan)))
        _introduce(office)
    clerk = Clerk(office, today)
    numbers: dict[tuple[int, int], str] = {}
    codes: dict[int, str] = {}
    swept = today - timedelta(days=_MORNINGS)
    deeds = sorted(_deeds(today), key=lambda deed: (deed.on, deed.place))
    for deed in deeds:
        while swept < deed.on:
            _morning(office, swept)
            swept += timedelta(days=1)
        if progress:
            progress(deed.on)
        with clock.telling(_at(deed.on)):
            _do(clerk, deed, numbers, codes)
    # Today's morning is the heartbeat's own, once the office opens.
    while swept < today:
        _morning(office, swept)
        swept += timedelta(days=1)
    with clock.telling(_at(today)):
        bring(office)
    with office.writing() as session:  # the machine was on all the time
        confirm(session, min(clock.now(), _at(today)))
    return clerk.troubles


def _introduce(office: Office) -> None:
    """Where the organs are reached; of every eighth nobody has said, so that this shows, too."""
    with office.writing() as session:
        organs = session.exec(select(Organ.id).where(col(Organ.kind).in_(_REACHED)).order_by(col(Organ.id))).all()
        for n, organ in enumerate(organs):
            if n % 8:
                add_contact(
                    session, organ, email=f"{organ}@yanshi.invalid", person="演示联系人", phone="000-0000000",
                    valid_from=clock.today(), usable=True,
                )  # fmt: skip


def _deeds(today: date) -> Iterator[_Deed]:
    place = 0
    for mine in mines(today):
        for part in (mine.main, *mine.extras):
            for line in (None, *part.lines):
                place += 1
                yield _Deed(part.start + timedelta(days=line.day if line else 0), place, mine, part, line)
        surveyed = mine.main.start + timedelta(days=SURVEY.day)
        if surveyed <= today and not mine.block:
            place += 1
            yield _Deed(surveyed, place, mine, mine.main, SURVEY)


def _do(clerk: Clerk, deed: _Deed, numbers: dict[tuple[int, int], str], codes: dict[int, str]) -> None:
    key = (deed.mine.serial, id(deed.part))
    if deed.line is None:
        numbers[key] = _open(clerk.office, deed, codes)
        clerk.write_papers(deed.on)
        return
    if deed.line is SURVEY:
        with clerk.office.writing() as session:
            tell(session, deed.mine, numbers[key], deed.on)
        return
    line, start = deed.line, deed.part.start
    cases = [numbers[key]]
    if line.track:
        with clerk.office.reading() as session:
            cases = tracks_of(session, cases[0], line.track)[line.which]
    for number in cases:
        clerk.take(number, line.trigger, deed.on, start, dict(line.values))


def _open(office: Office, deed: _Deed, codes: dict[int, str]) -> str:
    mine, story = deed.mine, deed.part.story
    typed = {name: _dated(value, deed.part.start) for name, value in story.opens}
    if story.procedure in ("closure", "guided_exit"):
        typed["exit_year"] = str(max(deed.part.start.year, _year(deed)))
    if story.procedure == "new_right":
        typed["transfer_year"] = str(_year(deed))
    with office.writing() as session:
        if mine.serial not in codes:
            codes[mine.serial] = _register(session, mine, deed.on)
        found = find_mine(session, codes[mine.serial])
        assert isinstance(found, Mine)
        return open_case(
            session, procedure=story.procedure, mine=found, actor=actor_named(session, "office"), occurred_on=deed.on,
            fields=typed, source="演示数据",
        ).number  # fmt: skip


def _year(deed: _Deed) -> int:
    """The year in which a mine of the list is to be done: that of the last day of its script."""
    days = max((line.day for line in deed.part.lines), default=200)
    return (deed.part.start + timedelta(days=max(days, 120))).year


def _dated(value: str, start: date) -> str:
    return (start + timedelta(days=int(value))).isoformat() if value.startswith("+") else value


def _register(session: Session, mine: DemoMine, on: date) -> str:
    typed = {"mineral": mine.mineral, "township": township(mine.township), "village": village(mine.township)}
    if mine.block:
        typed |= {"area": f"0.{120 + mine.serial}", "predicted_resource": str(900 + 10 * mine.serial)}
    else:
        assert mine.valid_to is not None
        typed |= {
            "holder": mine.holder, "scale": mine.scale, "licence_number": _licence(mine, on),
            "valid_from": on.replace(year=on.year - 9, day=1).isoformat(), "valid_to": mine.valid_to.isoformat(),
            "registrar": "演示市规划和自然资源局",
        }  # fmt: skip
    found = register_mine(session, mine.name, typed, block=mine.block, source="演示数据", demo=True)
    if mine.serial % 5 == 0 and not mine.block and found.id is not None:
        for name, (label, asked, clause) in _OPEN.items():
            session.add(OpenValue(mine_id=found.id, name=name, label=label, asked_of=asked, clause=clause))
    return found.code


def _licence(mine: DemoMine, on: date) -> str:
    """A number as the registrar of no real region would give it, nine years before."""
    kind = "3120" if "铝土" in mine.mineral else "7130"
    return f"C149999{on.year - 9}{on:%m}{kind}{mine.serial:06}"


def _morning(office: Office, day: date) -> None:
    """What the heartbeat does on a working morning."""
    from workflow.context import context_of

    with clock.telling(_at(day)):
        with office.reading() as session:
            working = context_of(session).calendar.is_working(day)
        if working:
            office.sweep(day, by_hand=True)
            office.deliver(by_hand=True)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), OFFICE)
