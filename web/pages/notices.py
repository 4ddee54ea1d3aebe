"""通知记录: what was told to whom and what became of it; the office decides about what did not arrive."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import col, select

from notifications.outbox import resolve_doubt, send_again, withdraw
from office.notices.notice_list import TROUBLED, Filter, counted, every_notice, find_notice, find_notices
from office.notices.notice_words import KINDS, MEANINGS, STATUSES
from office.sheets.exports import notices_sheet
from web.asked import day, page, pages_link, word
from web.desk import OFFICE, READS, XLSX, Desk
from workflow.errors import BadInput
from workflow.models import Notice, Organ
from workflow.records import checked_text

router = APIRouter()
SIZE = 50


@router.get("/notices")
def notices(desk: Annotated[Desk, READS]) -> Response:
    asked, problem = _asked(desk), ""
    try:
        wanted = _wanted(desk, asked)
    except BadInput as error:
        problem, wanted = str(error), _wanted(desk, {**asked, "on": ""})
    rows, total = find_notices(desk.session, desk.person, wanted, page(desk), SIZE)
    counts = counted(desk.session, desk.person)
    return desk.page(
        "notices.html.j2", status=400 if problem else 200, rows=rows, total=total, page=page(desk), size=SIZE, asked=asked,
        link=pages_link("/notices", asked), export=pages_link("/notices/export.xlsx", asked), problem=problem,
        counts_by=counts, kinds=KINDS, statuses=STATUSES,
        troubled=sum(counts.get(s, 0) for s in TROUBLED), organs=desk.context.organs, recipients=_recipients(desk),
    )  # fmt: skip


@router.get("/notices/export.xlsx")
def export(desk: Annotated[Desk, READS]) -> Response:
    """The filtered list, all pages of it."""
    rows = every_notice(desk.session, desk.person, _wanted(desk, _asked(desk)))
    by = f"导出时间：{desk.today}　导出人：{desk.person.organ} {desk.person.name}"
    title = f"{desk.context.plan.get('county', '')}非煤矿山综合整治通知记录"
    return desk.file(notices_sheet(rows, desk.context.organs, title, by), f"通知记录-{desk.today}.xlsx", XLSX)


def _asked(desk: Desk) -> dict[str, str]:
    return {name: word(desk, name) for name in ("status", "kind", "recipient", "on", "case")}


def _wanted(desk: Desk, asked: Mapping[str, str]) -> Filter:
    """Raises BadInput for a day that is none."""
    on = day(asked["on"], "日期", desk.today) if asked["on"] else None
    recipient = asked["recipient"] if desk.person.reads_all else ""
    return Filter(asked["status"], asked["kind"], recipient, on, asked["case"])


def _recipients(desk: Desk) -> list[tuple[str, str]]:
    if not desk.person.reads_all:
        return []
    written = col(Organ.id).in_(select(col(Notice.recipient_id)).distinct())
    return list(desk.session.exec(select(Organ.id, Organ.name).where(written).order_by(Organ.name)).all())


@router.get("/notices/{id}")
def notice(desk: Annotated[Desk, READS], id: int) -> Response:
    return _notice(desk, id)


def _notice(desk: Desk, id: int, *, problem: str = "", reason: str = "", status: int = 200) -> Response:
    told = find_notice(desk.session, desk.person, id)
    return desk.page(
        "notice.html.j2", status=status, told=told, notice=told.notice, kinds=KINDS, statuses=STATUSES, meanings=MEANINGS,
        organs=desk.context.organs, problem=problem, reason=reason, by_mail=bool(desk.office.settings.smtp_url),
    )  # fmt: skip


@router.post("/notices/{id}/again")
def again(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    find_notice(desk.session, desk.person, id)
    with desk.writing() as session:
        send_again(session, id, now=desk.now, by=desk.person.name)
    return desk.go(f"/notices/{id}", "已列入重发，随下一次心跳发出（同一邮件编号）。")


@router.post("/notices/{id}/resolve")
def resolve(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    """存疑: a person has looked into the mail server's log."""
    find_notice(desk.session, desk.person, id)
    answer = desk.form.text("answer")
    if answer not in ("sent", "again"):
        return _notice(desk, id, problem="请先选定：查过邮件服务器日志后，这封信是已送达，还是要重新发送。", status=422)
    with desk.writing() as session:
        resolve_doubt(session, id, was_sent=answer == "sent", now=desk.now, by=desk.person.name)
    return desk.go(
        f"/notices/{id}",
        "已记录：确认已送达。" if answer == "sent" else "已列入重发，随下一次心跳发出（同一邮件编号）。",
    )


@router.post("/notices/{id}/withdraw")
def take_back(desk: Annotated[Desk, OFFICE], id: int) -> Response:
    told = find_notice(desk.session, desk.person, id)
    reason = desk.form.text("reason")
    try:
        reason = checked_text(reason, "撤回理由")
    except BadInput:
        return _notice(desk, id, problem="请写明为什么撤回这份通知，例如“事项已当面办结”。", reason=reason, status=422)
    with desk.writing() as session:
        withdraw(session, id, now=desk.now, by=desk.person.name, reason=reason)
    left = "；以后的提醒照常发出" if told.notice.kind == "digest" else ""
    return desk.go(f"/notices/{id}", f"已撤回，这份通知不再发出{left}。")
