"""What happened, as tables: the entries, the files they rest on, the opinions asked for, the notices sent."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, or_, select

from notifications.documents.labels import FACTS
from notifications.names import KINDS, STATUSES
from office.bundle.bundle_text import table
from office.bundle.bundle_volume import Volume
from office.papers.zip_file import Part
from office.papers.zip_names import file_name, serial
from states.referral import ANSWERS
from workflow.clock import OFFICE
from workflow.entries import entry_title
from workflow.models import Deadline, Event, Notice, NoticeItem, Opinion

#: Notices of one case alone, by what they are known by.
_OF_ONE_CASE = ("moved", "lapsed", "urge", "supervise", "copied")


def history_table(volume: Volume) -> Part:
    """办理经过: an entry a line."""
    head = "记录号 案件 程序 办理日期 事项 办理前 办理后 办理单位 账号 登记时间 内容 理由"
    return table("办理经过.csv", head, (_entry(volume, event) for event in volume.events))


def _entry(volume: Volume, event: Event) -> Sequence[object]:
    case, step = event.case_id, volume.step(event.case_id, event.trigger)
    title = entry_title(event.kind, event.trigger)
    return (
        event.seq, volume.number(case), volume.procedure(case), event.occurred_on,
        title or (step.title if step else event.trigger), volume.state(case, event.from_state),
        volume.state(case, event.to_state), volume.organ(event.organ_id), event.actor,
        f"{event.recorded_at.astimezone(OFFICE):%Y-%m-%d %H:%M:%S}", _content(volume, event), event.data.get("reason", ""),
    )  # fmt: skip


def _content(volume: Volume, event: Event) -> str:
    """What was filled in, by the labels of the form; or which document it is about."""
    data = event.data
    if event.kind == "paper":
        paper = next(paper for paper in volume.documents if paper.id == data["document"])
        return f"《{paper.title}》{paper.number}"
    if event.kind == "correct":
        return f"撤回第 {data['corrects']} 条记录"
    fields = {field.name: field for field in volume.form(event.case_id, event.trigger)}
    said = []
    for name, value in data.get("fields", {}).items():
        field = fields.get(name)
        choices = (field.choices if field else None) or volume.organs
        said.append(f"{field.label if field else FACTS.get(name, name)}：{choices.get(str(value), _plain(value))}")
    return "；".join(said)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def material_parts(volume: Volume) -> Iterator[Part]:
    """Every file on record, with a table of what each proves."""
    rows: list[Sequence[object]] = []
    entries = {event.seq: event for event in volume.events}
    for place, file in enumerate(volume.attachments, start=1):
        path = f"材料/{serial(place, len(volume.attachments))}_{file_name(file.filename)}"
        label = _label(volume, entries.get(file.event_seq or 0), file.evidence)
        rows.append((
            path.partition("/")[2], volume.number(file.case_id), label, file.filename, file.event_seq, file.added_on,
            file.added_by, file.size, file.sha256,
        ))  # fmt: skip
        yield Part(path, file.sha256, file.size)
    head = "文件 案件 材料 原文件名 所证明的记录号 登记日期 登记账号 字节数 SHA-256"
    yield table("材料/材料清单.csv", head, rows)


def _label(volume: Volume, entry: Event | None, evidence: str) -> str:
    step = volume.step(entry.case_id, entry.trigger) if entry else None
    labels = {wanted.name: wanted.label for wanted in step.evidence} if step else {}
    return labels.get(evidence, "其他材料")


def opinion_parts(session: Session, volume: Volume) -> Iterator[Part]:
    """What each unit was asked and answered, with the forms that it sent."""
    query = select(Opinion).where(col(Opinion.case_id).in_(volume.cases)).order_by(col(Opinion.id))
    rows: list[Sequence[object]] = []
    opinions = session.exec(query).all()
    for place, opinion in enumerate(opinions, start=1):
        names = []
        forms = [f for f in volume.attachments if f.case_id == opinion.case_id and f.evidence == "opinion_form"]
        for n, form in enumerate(forms, start=1):
            name = f"{serial(place, len(opinions))}-{n}_{file_name(form.filename)}"
            names.append(name)
            yield Part(f"意见/{name}", form.sha256, form.size)
        rows.append((
            volume.number(opinion.case_id), volume.organ(opinion.organ_id), opinion.asked_on,
            ANSWERS[opinion.answer] if opinion.answer else "未反馈", opinion.text, opinion.answered_on, "；".join(names),
        ))  # fmt: skip
    head = "案件 单位 征求日期 意见 意见内容 反馈日期 文件"
    yield table("意见/意见汇总.csv", head, rows)


def notice_table(session: Session, volume: Volume) -> Part:
    """Notices about these cases, a line for each matter that one speaks of."""
    head = "通知号 计划日期 类别 收件单位 案件 事项 期限 状态 发出时间 地址 邮件编号 答复"
    about = select(NoticeItem.notice_id).join(Deadline, col(NoticeItem.deadline_id) == Deadline.id)
    numbers = {case.number for case in volume.cases.values()}
    single = [col(Notice.dedupe).startswith(f"{kind}|{volume.root}", autoescape=True) for kind in _OF_ONE_CASE]
    digests = col(Notice.id).in_(about.where(col(Deadline.case_id).in_(volume.cases)))
    found = session.exec(select(Notice).where(or_(digests, *single)).order_by(col(Notice.id)))
    rows = [
        _notice(volume, notice, item)
        for notice in found for item in notice.payload.get("items", [notice.payload]) if item["case"] in numbers
    ]  # fmt: skip
    return table("通知/通知台账.csv", head, rows)


def _notice(volume: Volume, notice: Notice, item: dict[str, Any]) -> Sequence[object]:
    sent = f"{notice.sent_at.astimezone(OFFICE):%Y-%m-%d %H:%M:%S}" if notice.sent_at else ""
    return (
        notice.id, notice.planned_on, KINDS.get(notice.kind, notice.kind), volume.organ(notice.recipient_id),
        item["case"], item["step"], item.get("due_on") or "", STATUSES[notice.status], sent, notice.address,
        notice.message_id, notice.reply,
    )  # fmt: skip
