"""Group robots: the bodies, signatures and refusals as their makers document them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from notifications.channels.robots import request, shortened, verdict

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TEXT = {"id": "notice|1", "text": "【矿山整治提醒】逾期1件\n\n请办理。"}


def test_wecom_gets_a_text_message_at_the_very_address() -> None:
    url, body, headers = request("wecom", "https://relay.example/cgi-bin/webhook/send?key=abc", "", TEXT, NOW)
    assert url == "https://relay.example/cgi-bin/webhook/send?key=abc"
    assert json.loads(body) == {"msgtype": "text", "text": {"content": TEXT["text"]}}
    assert headers["Content-Type"].startswith("application/json")


def test_dingtalk_signs_in_the_address() -> None:
    url, body, _ = request("dingtalk", "https://relay.example/robot/send?access_token=abc", "SEC1", TEXT, NOW)
    query = parse_qs(urlsplit(url).query)
    millis = str(int(NOW.timestamp() * 1000))
    mac = hmac.new(b"SEC1", f"{millis}\nSEC1".encode(), hashlib.sha256).digest()
    assert query == {"access_token": ["abc"], "timestamp": [millis], "sign": [base64.b64encode(mac).decode()]}
    assert json.loads(body) == {"msgtype": "text", "text": {"content": TEXT["text"]}}


def test_feishu_signs_in_the_body_with_the_text_as_key() -> None:
    url, body, _ = request("feishu", "https://relay.example/open-apis/bot/v2/hook/abc", "SEC1", TEXT, NOW)
    seconds = str(int(NOW.timestamp()))
    mac = hmac.new(f"{seconds}\nSEC1".encode(), b"", hashlib.sha256).digest()
    assert url == "https://relay.example/open-apis/bot/v2/hook/abc"
    assert json.loads(body) == {
        "timestamp": seconds, "sign": base64.b64encode(mac).decode(), "msg_type": "text",
        "content": {"text": TEXT["text"]},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(kind: str) -> None:
    url, body, _ = request(kind, "https://relay.example/hook", "", TEXT, NOW)
    assert "sign" not in url
    assert b"sign" not in body


def test_a_long_text_is_cut_between_characters_and_says_so() -> None:
    cut = shortened("矿" * 5000, 2048)
    assert len(cut.encode()) <= 2048
    assert cut.endswith("……（全文见系统“通知记录”）")
    assert shortened("短", 2048) == "短"


@pytest.mark.parametrize(
    ("answer", "taken", "words"),
    [
        ('{"errcode":0,"errmsg":"ok"}', True, "0 ok"),
        ('{"code":0,"msg":"success","data":{}}', True, "0 success"),
        ('{"StatusCode":0,"StatusMessage":"success"}', True, "0 success"),
        ('{"errcode":310000,"errmsg":"sign not match"}', False, "310000 sign not match"),
        ('{"code":19021,"msg":"sign match fail"}', False, "19021 sign match fail"),
        ("<html>登录</html>", False, "答复看不懂：<html>登录</html>"),
        ("[]", False, "答复看不懂：[]"),
    ],
)
def test_what_a_robot_answers_is_read_from_its_body(answer: str, taken: bool, words: str) -> None:
    found = verdict(answer)
    assert (found.taken, found.words) == (taken, words)
