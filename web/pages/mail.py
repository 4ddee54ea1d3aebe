"""发信设置: the channel in force, a test letter, the heartbeat, and resuming after a hold."""

from typing import Annotated

from fastapi import APIRouter, Response

from notifications.channels.smtp_url import InvalidSmtpUrl
from office.notices.mailing import Tried, confirm_day, in_force, pulse, send_test
from office.running.operations import LATE, notices_by_status
from web.desk import Desk, allow
from workflow.beat import held
from workflow.errors import BadInput, CaseFileError, Held

router = APIRouter()
KEEPS_MAIL = allow("office", "sysadmin")


@router.get("/mail")
def mail(desk: Annotated[Desk, KEEPS_MAIL]) -> Response:
    return _mail(desk)


def _mail(desk: Desk, *, tried: Tried | None = None, problem: str = "", status: int = 200) -> Response:
    found = pulse(desk.session)
    age = desk.now - found.beat.at if found.beat else None
    typed = {name: desk.form.text(name) for name in ("address", "day")}
    return desk.page(
        "mail.html.j2", status=status, channel=in_force(desk.office), pulse=found, tried=tried, problem=problem,
        typed=typed, by_mail=bool(desk.office.settings.smtp_url), statuses=notices_by_status(desk.session),
        late=age is None or age > LATE, minutes=int(age.total_seconds() // 60) if age is not None else None,
    )  # fmt: skip


@router.post("/mail/test")
def test(desk: Annotated[Desk, KEEPS_MAIL]) -> Response:
    try:
        tried = send_test(desk.office, desk.form.text("address"), desk.person.name, desk.now)
    except (BadInput, InvalidSmtpUrl) as error:
        return _mail(desk, problem=str(error), status=422)
    return _mail(desk, tried=tried, status=200 if tried.good else 422)


@router.post("/mail/resume")
def resume(desk: Annotated[Desk, KEEPS_MAIL]) -> Response:
    """The date typed by hand stands for a look at the calendar; then as `minecase sweep`."""
    try:
        confirm_day(desk.form.text("day"), desk.today)
        counts = desk.office.sweep(desk.today, by_hand=True)
    except CaseFileError as error:
        return _mail(desk, problem=str(error), status=422)
    return desk.go("/mail", f"已恢复发件。{_said(counts)}")


@router.post("/mail/sweep")
def sweep(desk: Annotated[Desk, KEEPS_MAIL]) -> Response:
    try:
        _refuse_held(desk)
        counts = desk.office.sweep(desk.today)
    except CaseFileError as error:
        return _mail(desk, problem=str(error), status=422)
    return desk.go("/mail", _said(counts))


@router.post("/mail/deliver")
def deliver(desk: Annotated[Desk, KEEPS_MAIL]) -> Response:
    try:
        _refuse_held(desk)
        report = desk.office.deliver(by_hand=True)
    except CaseFileError as error:
        return _mail(desk, problem=str(error), status=422)
    return desk.go(
        "/mail",
        f"已发 {report.sent}，待重发 {report.failed}，退信 {report.dead}，存疑 {report.doubtful}，缺联系方式 {report.no_contact}。",
    )


def _refuse_held(desk: Desk) -> None:
    if reason := held(desk.session):
        raise Held(f"发件已暂停（{reason}）：请先核对日期，恢复发件。")


def _said(counts: dict[str, int]) -> str:
    if counts.get("rest_day"):
        return "今天是休息日，不发提醒；到期事项在下一个工作日提醒。"
    return (
        f"扫描完成：提醒 {counts['due']} 项，合并为 {counts['planned']} 份通知，被更高一级取代 {counts['superseded']} 项，"
        f"到期自动登记 {counts['lapsed']} 件，缺联系方式 {counts['no_contact']} 份。"
    )
