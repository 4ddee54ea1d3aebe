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
from workflow.models.time import Beat, CalendarDay, CalendarYear, Setting, Sweep

__all__ = [
    "Attachment", "Attempt", "Beat", "CalendarDay", "CalendarYear", "Case", "Chain", "Contact", "CountyForm", "Deadline",
    "DeadlineChange", "Document", "DocumentNumber", "DocumentVersion", "Event", "Mine", "Notice", "NoticeItem",
    "NoticeStatus", "NumberSeries", "NumberYear", "OpenValue", "Opinion", "Organ", "OrganAlias", "Permit", "Service",
    "Setting", "Sweep", "User", "UtcDateTime",
]  # fmt: skip
