"""Tables of the case file (SQLModel). Days are dates of Asia/Shanghai; instants are aware datetimes in UTC."""

from workflow.models.base import UtcDateTime
from workflow.models.cases import Attachment, Case, Chain, Deadline, DeadlineChange, Document, Event, Opinion
from workflow.models.mines import Mine, OpenValue, Permit
from workflow.models.notices import Attempt, Notice, NoticeItem, NoticeStatus
from workflow.models.organs import Contact, Organ, OrganAlias, User
from workflow.models.time import Beat, CalendarDay, CalendarYear, Setting, Sweep

__all__ = [
    "Attachment", "Attempt", "Beat", "CalendarDay", "CalendarYear", "Case", "Chain", "Contact", "Deadline",
    "DeadlineChange", "Document", "Event", "Mine", "Notice", "NoticeItem", "NoticeStatus", "OpenValue", "Opinion",
    "Organ", "OrganAlias", "Permit", "Setting", "Sweep", "User", "UtcDateTime",
]  # fmt: skip
