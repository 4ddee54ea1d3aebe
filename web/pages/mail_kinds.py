"""邮件模板: every kind of message with an example, written by the code that writes the real ones."""

from typing import Annotated

from fastapi import APIRouter, Response

from office.notices.mail_kinds import MAILS
from web.desk import Desk, allow

router = APIRouter()
KEEPS = allow("office", "sysadmin")


@router.get("/templates/mails")
def mails(desk: Annotated[Desk, KEEPS]) -> Response:
    return desk.page("mail_kinds.html.j2", mails=MAILS)
