"""Reads `smtp://user:password@host:port?from=address&tls=starttls` into settings.

Parameters: `from` (needed), `name` (the sender's display name), `tls` (`starttls`, the default, or `none`),
`ca` (a file of certificates to trust, for a relay inside the office). `smtps://` encrypts from the start.
"""

from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from notifications.channels.mime import usable
from notifications.plain import header_text
from workflow.errors import CaseFileError

Encryption = Literal["starttls", "implicit", "none"]
_PORTS: dict[Encryption, int] = {"starttls": 587, "implicit": 465, "none": 25}
_PARAMETERS = {"from", "name", "tls", "ca"}


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach the relay. Its representation never shows the password."""

    host: str
    port: int
    sender: Address
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""


class InvalidSmtpUrl(CaseFileError):
    """The address of the mail server cannot be used; the sentence says which part, never the password."""


def parse_smtp_url(url: str) -> SmtpSettings:
    """Settings from the URL. Raises InvalidSmtpUrl."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise _wrong("主机或端口写法不对", "端口应为 1 到 65535 的数字") from error
    if parts.scheme not in {"smtp", "smtps"}:
        raise _wrong("不是以 smtp:// 或 smtps:// 开头", "请改成这两种之一")
    if not parts.hostname or parts.fragment or parts.path not in {"", "/"}:
        raise _wrong("读不出主机名", "密码中的 #、/、?、@ 请写成 %23、%2F、%3F、%40")
    parameters = _parameters(parts.query)
    encryption = _encryption(parts.scheme, parameters)
    user, password = _login(parts)
    return SmtpSettings(
        host=parts.hostname,
        port=port or _PORTS[encryption],
        sender=_sender(parameters),
        encryption=encryption,
        user=user,
        password=password,
        ca_file=_ca_file(parameters, encryption),
    )


def _wrong(what: str, remedy: str) -> InvalidSmtpUrl:
    return InvalidSmtpUrl(f"邮件服务器地址（MINECASE_SMTP_URL）有误：{what}；{remedy}")


def _parameters(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    parameters = dict(pairs)
    if unknown := sorted(set(parameters) - _PARAMETERS):
        raise _wrong(f"不认识的参数 {header_text('、'.join(unknown))}", "可用的有 from、name、tls、ca")
    if len(pairs) != len(parameters):
        raise _wrong("同一参数写了两次", "每个参数只写一次")
    return parameters


def _encryption(scheme: str, parameters: dict[str, str]) -> Encryption:
    wish = parameters.get("tls", "")
    if scheme == "smtps":
        if wish:
            raise _wrong("smtps:// 本身就是加密连接，不能再写 tls", "请删去 tls 参数")
        return "implicit"
    if wish in {"", "starttls"}:
        return "starttls"
    if wish == "none":
        return "none"
    raise _wrong(f"tls={header_text(wish)} 不认识", "请写 tls=starttls 或 tls=none")


def _login(parts: SplitResult) -> tuple[str, str]:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise _wrong("用户名和密码只写了一个", "请都写上，或都不写")
    if not (user + password).isascii():
        raise _wrong("用户名或密码含有非 ASCII 字符", "请换成只含英文字母、数字和符号的")
    if not (user + password).isprintable():
        raise _wrong("用户名或密码含有控制字符", "请检查 % 转义的写法")
    return user, password


def _sender(parameters: dict[str, str]) -> Address:
    address = parameters.get("from", "")
    if not usable(address):
        raise _wrong("缺少发件地址或发件地址不对", "请写 from=office@example.org 这样的参数（+ 写成 %2B）")
    return Address(header_text(parameters.get("name", "非煤矿山综合整治提醒"), 60), addr_spec=address)


def _ca_file(parameters: dict[str, str], encryption: Encryption) -> str:
    path = parameters.get("ca", "")
    if path and encryption == "none":
        raise _wrong("不加密的连接用不到证书文件", "请删去 ca，或改为 tls=starttls")
    if path and not Path(path).is_file():
        raise _wrong(f"找不到证书文件 {header_text(path)}", "请检查 ca 参数中的路径")
    return path
