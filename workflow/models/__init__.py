"""Tables of the case file (SQLModel). Days are dates of Asia/Shanghai; instants are aware datetimes in UTC."""

from workflow.models.base import UtcDateTime
from workflow.models.cases import Attachment, Case, Chain, Deadline, DeadlineChange, Event, Opinion
from workflow.models.mines import Mine, OpenValue, Permit
from workflow.models.notices import Attempt, Notice, NoticeItem, NoticeStatus
from workflow.models.organs import Contact, Organ, OrganAlias, User
from workflow.models.papers import (
    CountyForm,
    Document,
    DocumentNumber,
    DocumentVersion,
    NumberSeries,
    NumberYear,
    Service,
)
from workflow.models.people import (
    Activity,
    CasePerson,
    Credential,
    Delegation,
    Hook,
    HookDelivery,
    Preference,
    SignIn,
    Token,
)
from workflow.models.sheets import PlanVersion, SheetImport, SheetLayout
from workflow.models.time import Beat, CalendarDay, CalendarYear, Setting, Sweep

__all__ = [
    "Activity", "Attachment", "Attempt", "Beat", "CalendarDay", "CalendarYear", "Case", "CasePerson", "Chain",
    "Contact", "CountyForm", "Credential", "Deadline", "DeadlineChange", "Delegation", "Document", "DocumentNumber",
    "DocumentVersion", "Event", "Hook", "HookDelivery", "Mine", "Notice", "NoticeItem", "NoticeStatus",
    "NumberSeries", "NumberYear", "OpenValue", "Opinion", "Organ", "OrganAlias", "Permit", "PlanVersion", "Preference",
    "Service", "Setting", "SheetImport", "SheetLayout", "SignIn", "Sweep", "Token", "User", "UtcDateTime",
]  # fmt: skip
