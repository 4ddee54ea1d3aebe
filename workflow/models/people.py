"""People at the screens: how they sign in, for whom they act, what they were given, and what they did."""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Column, String, UniqueConstraint
from sqlmodel import Field

from workflow.models.base import Table, UtcDateTime

#: 工作组办公室, 单位经办人, 单位负责人, 乡镇, 领导 (reads only), and the three administrators (三员分立).
Role = Literal["office", "clerk", "head", "township", "leader", "sysadmin", "secadmin", "auditor"]


class Credential(Table, table=True):
    """What an account signs in with. An account without a row cannot sign in."""

    account_id: str = Field(primary_key=True, foreign_key="account.id")
    #: Argon2id, as the library writes it.
    password_hash: str
    changed_at: datetime = Field(sa_type=UtcDateTime)
    #: A password that somebody else has set is good for one thing: setting one's own.
    must_change: bool = True
    #: Hashes of earlier passwords, the newest first.
    history: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: Secret of the one-time codes (base32); empty while none is set up.
    totp_secret: str = ""
    #: Time step of the last code that was taken: no code counts twice.
    totp_step: int = 0
    failures: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(Table, table=True):
    """One signed-in browser. The cookie holds a secret; here stands only its hash."""

    __tablename__ = "sign_in"

    #: SHA-256 (hex) of the cookie's value.
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    csrf: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    #: signed_out, idle, revoked, password_changed.
    ended_why: str = ""
    address: str = ""
    agent: str = ""
    #: Delegation under which the person acts just now.
    delegation_id: int | None = Field(default=None, foreign_key="delegation.id")


class Delegation(Table, table=True):
    """代理: one account acts for another while its holder is away (both days inclusive)."""

    id: int | None = Field(default=None, primary_key=True)
    from_account: str = Field(foreign_key="account.id", index=True)
    to_account: str = Field(foreign_key="account.id", index=True)
    from_on: date
    to_on: date
    reason: str
    given_by: str
    #: Taken back early.
    ended_on: date | None = None


class CasePerson(Table, table=True):
    """Who handles a case within an organ (转办), or was given it to read (抄送)."""

    __tablename__ = "case_person"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="proceeding.id", index=True)
    relation: Literal["handler", "copied"] = Field(sa_type=String)
    organ_id: str = Field(foreign_key="organ.id", index=True)
    #: None: everybody of the organ.
    account_id: str | None = Field(default=None, foreign_key="account.id", index=True)
    given_by: str
    given_on: date
    reason: str = ""
    ended_on: date | None = None


class Token(Table, table=True):
    """A secret that another program shows instead of a person: for the interface, or for a calendar feed."""

    id: int | None = Field(default=None, primary_key=True)
    kind: Literal["api", "calendar"] = Field(sa_type=String)
    #: Who answers for what is done with it.
    account_id: str = Field(foreign_key="account.id", index=True)
    label: str
    sha256: str = Field(unique=True)
    may_write: bool = False
    created_by: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_on: date | None = None
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Activity(Table, table=True):
    """One line of the log of what accounts did (操作日志). Append-only; `hash` covers it and the line before."""

    #: Gapless, counted by row 2 of `Chain`.
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    #: Account, or what was typed where nobody was signed in.
    account: str = Field(index=True)
    organ_id: str = ""
    #: Method and route: `POST /cases/{number}/steps/{trigger}`.
    action: str
    #: The path as asked for, without its query.
    object: str
    #: HTTP status of the answer, or a word for what happened (`sign_in_failed`).
    outcome: str
    address: str = ""
    request_id: str = ""
    prev_hash: str
    hash: str


class Preference(Table, table=True):
    """What one person has set for their own screens: columns of the ledger, rows on a page."""

    account_id: str = Field(primary_key=True, foreign_key="account.id")
    name: str = Field(primary_key=True)
    value: Any = Field(sa_column=Column(JSON, nullable=False))


class Hook(Table, table=True):
    """Another system that is told: a signed webhook, or a group robot of a chat service."""

    id: int | None = Field(default=None, primary_key=True)
    kind: Literal["webhook", "wecom", "dingtalk", "feishu"] = Field(sa_type=String)
    label: str
    #: Whole address of a webhook; base address (with key) of a robot.
    url: str
    #: Signs what is sent; empty where the receiver asks for none.
    secret: str = ""
    #: What it is told: kinds of history entries or notices; empty: all.
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: Organ whose notices go to the robot; empty: all.
    organ_id: str = ""
    active: bool = True
    added_by: str
    added_on: date


class HookDelivery(Table, table=True):
    """One message to one hook: never twice, retried until it is taken or given up."""

    __tablename__ = "hook_delivery"
    __table_args__ = (UniqueConstraint("hook_id", "dedupe"),)

    id: int | None = Field(default=None, primary_key=True)
    hook_id: int = Field(foreign_key="hook.id")
    #: `event|17` or `notice|23`.
    dedupe: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    status: Literal["planned", "sent", "failed", "dead"] = Field(default="planned", sa_type=String, index=True)
    attempt: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reply: str = ""
