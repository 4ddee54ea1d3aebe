"""发信设置: which channel is in force, a test letter through it, and resuming after a hold."""

from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex

from sqlmodel import Session, col, select

from notifications.channels import DeliveryProblem, Letter, OutcomeUnknown
from notifications.channels.mime import usable
from notifications.channels.smtp_url import InvalidSmtpUrl, parse_smtp_url
from notifications.render import render
from office.running.installation import Office
from workflow.beat import NAME
from workflow.clock import OFFICE
from workflow.errors import BadInput
from workflow.models import Beat, Notice, Sweep

_ENCRYPTION = {"starttls": "STARTTLS", "implicit": "TLS（连接即加密）", "none": "不加密"}
#: Folder of the mailbox that test letters are written to.
_TEST_BOX = "test"


@dataclass(frozen=True, slots=True)
class InForce:
    """The channel as it may be shown: never with its password."""

    kind: str
    facts: tuple[tuple[str, str], ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a test letter came to, word for word."""

    good: bool
    words: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """The heartbeat's state and its last days."""

    beat: Beat | None
    sweeps: tuple[Sweep, ...]
    slips: tuple[Notice, ...]


def in_force(office: Office) -> InForce:
    if not office.settings.smtp_url:
        return InForce(
            "信箱文件夹",
            (("目录", str(office.settings.mailbox)), ("写法", "每个单位一个文件夹，每份通知一个 .eml 文件")),
        )
    try:
        smtp = parse_smtp_url(office.settings.smtp_url)
    except InvalidSmtpUrl as error:
        return InForce("邮件服务器", (), str(error))
    return InForce("邮件服务器", (
        ("服务器", f"{smtp.host}:{smtp.port}"), ("加密", _ENCRYPTION[smtp.encryption]), ("发件人", str(smtp.sender)),
        ("登录用户", smtp.user or "不登录"), ("密码", "已设置（不显示）" if smtp.password else "没有"),
        ("证书文件", smtp.ca_file or "用操作系统的"),
    ))  # fmt: skip


def pulse(session: Session) -> Pulse:
    sweeps = session.exec(select(Sweep).order_by(col(Sweep.as_of).desc()).limit(7)).all()
    slips = session.exec(
        select(Notice).where(Notice.kind == "heartbeat").order_by(col(Notice.id).desc()).limit(7)
    ).all()
    return Pulse(session.get(Beat, NAME), tuple(sweeps), tuple(slips))


def send_test(office: Office, address: str, by: str, now: datetime) -> Tried:
    """A real letter through the channel in force. Raises BadInput for an address that is none."""
    channel = office.new_channel()
    if office.settings.smtp_url and not usable(address):
        raise BadInput(f"电子邮箱“{address[:60]}”不对：应形如 name@example.gov.cn。")
    to = address if office.settings.smtp_url else str(channel.address(_TEST_BOX, None))
    today = now.astimezone(OFFICE).date()
    key = f"test|{token_hex(8)}"
    letter = Letter(
        notice_id=0, key=key, kind="test", organ_id=_TEST_BOX, planned_on=today, to_name="收件人", address=to,
        message_id=f"<minecase-{key.replace('|', '-')}@{channel.domain}>", at=now,
        message=render("test", {"recipient": "收件人", "by": by, "date": today.isoformat()}),
    )  # fmt: skip
    try:
        return Tried(good=True, words=channel.begin(letter).commit())
    except OutcomeUnknown as error:
        return Tried(good=False, words=f"可能已发出，结果不明：{error.reply}")
    except DeliveryProblem as error:
        return Tried(good=False, words=error.reply)
    finally:
        channel.close()


def confirm_day(typed: str, today: date) -> None:
    """The date as a person has read it from a calendar, not from this machine. Raises BadInput."""
    if typed != today.isoformat():
        raise BadInput(
            f"填写的日期“{typed[:20]}”与系统日期 {today} 不一致，没有恢复：请核对日历；系统日期错了，请先校正服务器时间。"
        )
