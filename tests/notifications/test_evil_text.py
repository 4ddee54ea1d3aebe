"""No name of a mine or an organ can become a header, a recipient, a line or a calendar entry of its own."""

from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, compat32
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import Engine

from notifications.channels import Letter
from notifications.channels.mailbox import MailboxChannel
from notifications.channels.mime import usable, write
from notifications.outbox import deliver
from notifications.plain import header_text
from notifications.render import Message, render
from tests.notifications.desk import DAY, Clock, payload, plan
from tests.notifications.evil import ENCODED_BCC, EVIL
from tests.notifications.test_render import digest, item

SENDER = Address("提醒", addr_spec="office@office.example")
PLAIN = {
    "Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "X-Minecase-Key", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


def letter(message: Message, to_name: str = "县自然资源局") -> Letter:
    return Letter(
        notice_id=7, key="digest|x", kind="digest", organ_id="clinic", planned_on=DAY, to_name=to_name,
        address="clinic@office.example", message_id="<minecase-notice-7@office.example>", at=Clock().at,
        message=message,
    )  # fmt: skip


def read(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=SMTP)


def require_plain_headers(data: bytes) -> None:
    """Read by the new parser and by the old one, which is what other programs resemble."""
    for names in (read(data).keys(), message_from_bytes(data, policy=compat32).keys()):
        assert len(names) == len(set(names))
        assert set(names) <= PLAIN
    assert [a.addr_spec for a in read(data)["To"].addresses] == ["clinic@office.example"]
    assert b"\nBcc" not in data


def test_an_encoded_line_break_in_the_subject_gives_no_bcc() -> None:
    data = write(letter(Message(ENCODED_BCC, "正文\n"), to_name=ENCODED_BCC), SENDER)
    require_plain_headers(data)
    assert read(data)["Bcc"] is None
    assert read(data)["Subject"] == "= ?utf-8?q?x=0ABcc:_e@x?="


@pytest.mark.parametrize("text", EVIL, ids=lambda text: ascii(text)[:30])
def test_subject_body_and_recipient_stay_what_they_are(text: str) -> None:
    data = write(letter(Message(text, f"一\n{text}\n三\n"), to_name=text), SENDER)
    require_plain_headers(data)
    mail = read(data)
    assert mail["Subject"] == header_text(text)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("一\r\n")
    assert body.get_content().endswith("三\r\n")


@pytest.mark.parametrize("text", EVIL, ids=lambda text: ascii(text)[:30])
def test_a_name_stays_on_its_line_of_the_text_and_of_the_calendar(text: str) -> None:
    plain = render("digest", digest(item(mine="甲", due_on="2026-12-01", days_left=8)))
    message = render("digest", digest(item(mine=text, due_on="2026-12-01", days_left=8)))
    assert message.body.count("\n") == plain.body.count("\n")
    data = write(letter(message), SENDER)
    require_plain_headers(data)
    attachment = next(iter(read(data).iter_attachments()))
    entries = Calendar.from_ical(attachment.get_content()).walk("VEVENT")
    assert len(entries) == 1
    if "{" in text:
        assert text in message.body, "what looks like a template is only text"


@pytest.mark.parametrize("text", EVIL, ids=lambda text: ascii(text)[:30])
def test_an_organ_id_never_leaves_the_mailbox_folder(text: str, tmp_path: Path) -> None:
    box = tmp_path / "box"
    address = MailboxChannel(box).address(text, None)
    assert address is None or usable(address) or len(text) > 100
    if address is None or len(text) > 100:
        return
    folder = box / address.partition("@")[0]
    assert folder.resolve().parent == box.resolve()


def test_all_of_it_goes_through_the_outbox(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    names = [name.encode("utf-8", "replace").decode() for name in EVIL]
    for name in names:
        plan(engine, mine=name)
    report = deliver(engine, MailboxChannel(tmp_path / "box"), now=clock)
    assert (report.sent, report.failed) == (len(names), 0)
    for file in (tmp_path / "box").rglob("*.eml"):
        assert file.parent == tmp_path / "box" / "clinic"
        assert set(read(file.read_bytes()).keys()) <= PLAIN


@pytest.mark.parametrize(
    "address",
    ["", "clinic", "a@b@c.cn", "a b@c.cn", "a@c.cn\nBcc: e@x", "<a@c.cn>", "a@c.cn,d@e.cn", "=?utf-8?q?a?=@c.cn",
     ".a@c.cn", "a..b@c.cn", "甲@c.cn", "a@[127.0.0.1]", "a" * 250 + "@c.cn", "a@"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_no_address(address: str) -> None:
    assert not usable(address)


def test_the_shortest_kind_takes_them_too() -> None:
    for name in EVIL:
        assert render("lapsed", payload(mine=name, recipient=name)).subject
