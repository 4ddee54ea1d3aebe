"""动态口令 (TOTP): six digits out of a secret and the time; each counts once."""

import re
import secrets
from datetime import datetime
from io import BytesIO

import pyotp
import segno
from sqlmodel import Session

from office.access.people import ADMINISTRATORS
from office.access.sign_in_policy import policy_of
from workflow.errors import BadInput
from workflow.models import Credential

_ISSUER = "整治平台"
_SECONDS = 30
_SECRET = re.compile("[A-Z2-7]{32}")


def new_secret() -> str:
    return pyotp.random_base32()


def picture(account: str, secret: str) -> str:
    """The secret as a QR code (SVG text, attributes only) for a phone's authenticator."""
    out = BytesIO()
    segno.make(address(account, secret), error="m").save(
        out,
        kind="svg",
        scale=5,
        border=4,
        xmldecl=False,
        svgns=True,
        light="#fff",
        omitsize=True,
        title="动态口令二维码",
    )
    return out.getvalue().decode()


def address(account: str, secret: str) -> str:
    """The secret as authenticators read it."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=_ISSUER)


def needed(session: Session, role: str) -> bool:
    """Whether somebody of this role cannot do without a code."""
    return role in ADMINISTRATORS and policy_of(session).codes_for_administrators


def take(row: Credential, code: str, now: datetime) -> bool:
    """Whether a code is right now and was not taken before; then it is used up. Does not commit."""
    step = _step(row.totp_secret, code, now, after=row.totp_step)
    if step:
        row.totp_step = step
    return bool(step)


def set_up(session: Session, account: str, secret: str, code: str, now: datetime) -> None:
    """Puts a secret into use after its first code was right. Raises BadInput. Does not commit."""
    row = session.get(Credential, account, with_for_update=True)
    if row is None or not row.password_hash:
        raise BadInput("本账号没有密码，不使用动态口令。")
    if row.totp_secret:
        raise BadInput("本账号已经启用动态口令，没有改动：更换手机请先停用，或请安全管理员重置。")
    if not _SECRET.fullmatch(secret):
        raise BadInput("设置页面已失效：请刷新后重新扫码。")
    step = _step(secret, code, now, after=0)
    if not step:
        raise BadInput("动态口令不对：请确认手机时间准确，填写刚刚显示的 6 位数字。")
    row.totp_secret, row.totp_step = secret, step
    session.add(row)


def _step(secret: str, code: str, now: datetime, *, after: int) -> int:
    """The time step whose code this is, one before or after the present allowed; 0: none."""
    code = code.strip().replace(" ", "")
    if not (secret and re.fullmatch("[0-9]{6}", code)):
        return 0
    present = int(now.timestamp()) // _SECONDS
    for step in (present - 1, present, present + 1):
        if step > after and secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), code):
            return step
    return 0
