"""The office at work: one installation's database, files and channel, and what a morning consists of."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlmodel import Session

from office.running.settings import Settings
from workflow import clock
from workflow.clock import OFFICE
from workflow.context import bump_revision, context_of
from workflow.database import SCHEMA_HEAD, make_engine, migrate, reading, require_schema, schema_version, writing
from workflow.errors import DatabaseUnfit
from workflow.store import FileStore

if TYPE_CHECKING:
    from notifications.channels import Channel
    from notifications.outbox import DeliveryReport
    from workflow.ladders import Ladder
    from workflow.plan.data import Plan

#: Reminders go out from this hour of a working day on.
MORNING = time(9, 0)


class Office:
    """Everything that the command line and the scheduler call."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = FileStore(settings.files)
        self._delivering = Lock()
        #: Whether this process has had a heartbeat.
        self._awake = False

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.settings.database_url)

    def close(self) -> None:
        """Closes the database, if it was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    @cached_property
    def channel(self) -> "Channel":
        return self.new_channel()

    def new_channel(self) -> "Channel":
        """A channel of one's own: the cached one belongs to the delivery that is under way."""
        from notifications.channels.mail import MailChannel
        from notifications.channels.mailbox import MailboxChannel

        if self.settings.smtp_url:
            return MailChannel.from_url(self.settings.smtp_url)
        return MailboxChannel(self.settings.mailbox)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction on a database that fits this program."""
        self._require()
        with writing(self.engine) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self._require()
        with reading(self.engine) as session:
            yield session

    def _require(self) -> None:
        if self.engine.dialect.name == "sqlite" and not Path(self.engine.url.database or "").exists():
            raise DatabaseUnfit("这里还没有数据库：请先运行 minecase init（或 make run）。")
        require_schema(self.engine)

    def init(self, plan: "Plan | None" = None) -> bool:
        """Creates or upgrades the database and loads the plan into an empty one; True when it was loaded."""
        from workflow.ladders import read_ladders
        from workflow.plan import read_plan

        plan = plan or read_plan(self.settings.plan)
        ladders = read_ladders(self.settings.plan / "ladders.toml")
        self.settings.home.mkdir(parents=True, exist_ok=True)
        if (schema_version(self.engine) or "") > SCHEMA_HEAD:
            require_schema(self.engine)
        migrate(self.engine)
        with writing(self.engine) as session:
            return _load(session, plan, ladders, clock.today())

    def reachable(self, session: Session) -> Callable[[str, date], bool]:
        """Whether the channel has an address for an organ on a day."""
        from notifications.recipients import address_for

        def test(organ_id: str, day: date) -> bool:
            contact = address_for(session, organ_id, day) if organ_id else None
            return self.channel.address(organ_id, contact) is not None

        return test

    def sweep(self, as_of: date, *, by_hand: bool = False) -> dict[str, int]:
        """One morning's sweep; by hand it also confirms the date to the clock guard."""
        from workflow.beat import confirm
        from workflow.sweep import sweep

        with self.writing() as session:
            counts = sweep(session, as_of, reachable=self.reachable(session))
            if by_hand:
                confirm(session, clock.now())
        return counts

    def deliver(self, *, by_hand: bool = False) -> "DeliveryReport":
        """Sends what is planned. The scheduler's own deliveries keep quiet at night and on rest days."""
        from notifications.outbox import deliver, retry_no_contact

        with self.writing() as session:
            retry_no_contact(session, on=clock.today())
            calendar = context_of(session).calendar

        def working(moment: datetime) -> bool:
            return calendar.is_working(moment.astimezone(OFFICE).date())

        # The heartbeat and a person at the screens may ask at once; a channel serves one at a time.
        with self._delivering:
            try:
                return deliver(
                    self.engine, self.channel, now=clock.now, working=None if by_hand else working, limit=1000
                )
            finally:
                self.channel.close()

    def preview(
        self, session: Session, start: date, until: date, progress: Callable[[date], None] | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Notices until a day if nobody acts, each with its subject and body."""
        from notifications.render import render
        from workflow.preview import preview

        for row in preview(session, start, until, reachable=self.reachable(session), progress=progress):
            message = render(row["kind"], row["payload"])
            yield {**row, "subject": message.subject, "body": message.body}

    def tick(self) -> tuple[str, dict[str, int] | None, "DeliveryReport | None"]:
        """One heartbeat: guard, the morning's sweep if it is due, delivery. Answers (hold reason, counts, report)."""
        from office.running.after_beat import after_beat, log_beat
        from workflow.beat import beat

        now = clock.now()
        with self.writing() as session:
            hold = beat(session, now, woken=not self._awake)
            morning = None if hold else _unswept_morning(session, now)
        self._awake = True
        if hold:
            log_beat(now, hold, None, None)
            return hold, None, None
        counts = self.sweep(morning) if morning else None
        report = self.deliver()
        log_beat(now, "", counts, report)
        after_beat(self, now)
        return "", counts, report


def _unswept_morning(session: Session, now: datetime) -> date | None:
    """The latest working morning that has come and was not swept; whatever lies before it is caught up with it."""
    from sqlalchemy import func
    from sqlmodel import select

    from workflow.models import Sweep

    local = now.astimezone(OFFICE)
    day = local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)
    morning = context_of(session).calendar.previous_working(day)
    last = session.exec(select(func.max(Sweep.as_of))).one()
    return morning if last is None or last < morning else None


def _load(session: Session, plan: "Plan", given: Mapping[str, "Ladder"], today: date) -> bool:
    from sqlmodel import select

    from workflow.engine import open_case
    from workflow.ladders import BY_HAND
    from workflow.models import Mine, Setting
    from workflow.plan import load_plan
    from workflow.plan.versions import amended, record_first
    from workflow.thresholds import THRESHOLDS
    from workflow.views import Actor
    from workflow.working_days import seed_calendar

    # Written once: from then on an amendment changes them, not the file.
    if session.get(Setting, THRESHOLDS) is None:
        session.add(Setting(name=THRESHOLDS, value=dict(plan.thresholds)))
        bump_revision(session)
        session.flush()
    amendment = amended(session)
    # Once the plan was amended here, its version counts and not the folder that it was first loaded from.
    ladders = amendment.data["ladders"] if amendment else {name: asdict(ladder) for name, ladder in given.items()}
    stored, by_hand = session.get(Setting, "ladders"), session.get(Setting, BY_HAND)
    # JSON turns tuples into lists; compare what was stored with what would be.
    plain = {name: {**values, "before": list(values["before"])} for name, values in ladders.items()}
    # What the office has set at the screens outlives a restart.
    plain |= by_hand.value if by_hand else {}
    if stored is None or stored.value != plain:
        row = stored or Setting(name="ladders", value={})
        row.value = plain
        session.add(row)
        bump_revision(session)
        session.flush()
    if session.exec(select(Mine.id).limit(1)).first() is not None:
        record_first(session, plan, ladders, loaded_by="office")
        return False
    seed_calendar(session)
    bump_revision(session)
    session.flush()

    def open_listed(session: Session, *, actor: str, **given: Any) -> object:
        return open_case(session, actor=Actor(actor, "group_office"), checked=True, **given)

    load_plan(session, plan, open_case=open_listed, actor="office", today=today)
    record_first(session, plan, ladders, loaded_by="office")
    bump_revision(session)
    return True
