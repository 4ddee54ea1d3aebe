"""The mail server's address: understood, or refused in one sentence that keeps the password to itself."""

import pytest

from notifications.channels.mail import MailChannel
from notifications.channels.smtp_url import InvalidSmtpUrl, parse_smtp_url


def test_everything_in_it_is_read() -> None:
    settings = parse_smtp_url(
        "smtp://desk:p%40ss%23@relay.example:2525?from=office@office.example&name=整治办&tls=none"
    )
    assert (settings.host, settings.port, settings.user, settings.password) == ("relay.example", 2525, "desk", "p@ss#")
    assert (str(settings.sender), settings.encryption) == ("整治办 <office@office.example>", "none")


@pytest.mark.parametrize(
    ("url", "port", "encryption"),
    [
        ("smtp://relay.example?from=a@b.cn", 587, "starttls"),
        ("smtp://relay.example?from=a@b.cn&tls=starttls", 587, "starttls"),
        ("smtp://relay.example?from=a@b.cn&tls=none", 25, "none"),
        ("smtps://relay.example?from=a@b.cn", 465, "implicit"),
    ],
)
def test_encrypted_unless_told_otherwise(url: str, port: int, encryption: str) -> None:
    settings = parse_smtp_url(url)
    assert (settings.port, settings.encryption) == (port, encryption)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("relay.example", "不是以 smtp:// 或 smtps:// 开头"),
        ("http://relay.example?from=a@b.cn", "不是以 smtp:// 或 smtps:// 开头"),
        ("smtp://?from=a@b.cn", "读不出主机名"),
        ("smtp://u:pa#ss@relay.example?from=a@b.cn", "主机"),
        ("smtp://u:pa/ss@relay.example?from=a@b.cn", "主机"),
        ("smtp://relay.example:99999?from=a@b.cn", "端口"),
        ("smtp://relay.example:abc?from=a@b.cn", "端口"),
        ("smtp://[relay?from=a@b.cn", "主机或端口写法不对"),
        ("smtp://relay.example", "缺少发件地址"),
        ("smtp://relay.example?from=nobody", "发件地址不对"),
        ("smtp://relay.example?from=a@b.cn%0ABcc:e@x", "发件地址不对"),
        ("smtp://relay.example?from=a@b.cn&from=c@d.cn", "写了两次"),
        ("smtp://relay.example?from=a@b.cn&tls=maybe", "tls=maybe 不认识"),
        ("smtps://relay.example?from=a@b.cn&tls=none", "不能再写 tls"),
        ("smtp://relay.example?from=a@b.cn&colour=red", "不认识的参数 colour"),
        ("smtp://desk@relay.example?from=a@b.cn", "只写了一个"),
        ("smtp://desk:密码@relay.example?from=a@b.cn", "非 ASCII"),
        ("smtp://desk:a%00b@relay.example?from=a@b.cn", "控制字符"),
        ("smtp://relay.example?from=a@b.cn&ca=/no/such/file", "找不到证书文件"),
        ("smtp://relay.example?from=a@b.cn&tls=none&ca=/no/such/file", "用不到证书文件"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(url: str, words: str) -> None:
    with pytest.raises(InvalidSmtpUrl) as refused:
        parse_smtp_url(url)
    assert words in str(refused.value)
    assert str(refused.value).startswith("邮件服务器地址（MINECASE_SMTP_URL）有误：")


def test_the_password_is_never_shown() -> None:
    channel = MailChannel.from_url("smtp://desk:hush-hush@relay.example?from=a@b.cn")
    assert "hush-hush" not in repr(channel.settings)
    with pytest.raises(InvalidSmtpUrl) as refused:
        parse_smtp_url("smtp://desk:hush-hush@relay.example?from=nobody")
    assert "hush-hush" not in str(refused.value)
