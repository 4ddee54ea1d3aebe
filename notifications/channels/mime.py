"""A letter as the bytes of an RFC 5322 message, read back once before anyone else may read it."""

import re
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from notifications.channels import Letter
from notifications.ics import calendar
from notifications.plain import header_text, lines
from workflow.clock import OFFICE

#: Names the notice across databases; the mailbox knows its own letters by it.
KEY_HEADER = "X-Minecase-Key"
_LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HEADERS = {
    "Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", KEY_HEADER, "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip


class UnsafeLetter(Exception):
    """The finished bytes do not say what was to be said; nothing may be sent."""


def usable(address: str) -> bool:
    """Whether this is one plain mail address; anything cleverer is more often an accident or an attack."""
    local, _, _ = address.partition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return len(address) <= _LONGEST_ADDRESS and "=?" not in address and not dots and bool(_ADDRESS.fullmatch(address))


def message_id(notice_id: int, domain: str) -> str:
    """Stays the same over all attempts, so that servers and readers can tell a repeat."""
    return f"<minecase-notice-{notice_id}@{domain}>"


def fingerprint(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def write(letter: Letter, sender: Address) -> bytes:
    """The message with CRLF line ends. Raises UnsafeLetter where it would not read back the same."""
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = format_datetime(letter.at.astimezone(OFFICE))
    mail["Message-ID"] = letter.message_id
    mail["From"] = sender
    mail["To"] = Address(header_text(letter.to_name, 60), addr_spec=letter.address)
    mail["Subject"] = header_text(letter.message.subject)
    # Keeps holiday replies and other robots from answering.
    mail["Auto-Submitted"] = "auto-generated"
    mail[KEY_HEADER] = fingerprint(letter.key)
    mail.set_content(lines(letter.message.body), charset="utf-8", cte="base64")
    if letter.message.events:
        mail.add_attachment(
            calendar(letter.message.events, letter.at),
            maintype="text",
            subtype="calendar",
            filename="deadlines.ics",
            params={"charset": "utf-8", "method": "PUBLISH"},
        )
    data = mail.as_bytes()
    _read_back(data, letter)
    return data


def _read_back(data: bytes, letter: Letter) -> None:
    """A last look with the receiver's eyes: no header more, no recipient more, the same words."""
    mail = message_from_bytes(data, policy=SMTP)
    names = mail.keys()
    if len(names) != len(set(names)) or not set(names) <= _HEADERS:
        raise UnsafeLetter("信件出现了多余的信头，已停止发送，请检查矿山名称等文字中的异常字符")
    if [a.addr_spec for a in mail["To"].addresses] != [letter.address]:
        raise UnsafeLetter("信件的收件人与登记的地址不一致，已停止发送，请检查单位名称和电子邮箱")
    part = mail.get_body(("plain",))
    text = part.get_content().replace("\r\n", "\n") if part else None
    if text != lines(letter.message.body) or mail["Subject"] != header_text(letter.message.subject):
        raise UnsafeLetter("信件文字还原后与原文不一致，已停止发送，请检查文字中的异常字符")
    if re.search(rb"\r(?!\n)|(?<!\r)\n", data):
        raise UnsafeLetter("信件中有不完整的换行，已停止发送，请检查文字中的异常字符")
