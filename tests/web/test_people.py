"""人员与权限: three administrators, each for their part, and none for themselves."""

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import col, select

from office.access.signing_in import fingerprint
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.visitor import PASSWORD, Visitor, add_account, add_administrators, cheap, credential, with_password
from workflow.clock import now
from workflow.models import Activity, Token, User


@pytest.fixture(autouse=True)
def clock() -> Any:
    with freeze_time(at_nine("2026-11-23")) as frozen:
        yield frozen


@pytest.fixture
def office(office: Office) -> Office:
    cheap(office)
    add_administrators(office)
    return office


def user(office: Office, account: str) -> User:
    with office.reading() as session:
        return session.get_one(User, account)


def deeds(office: Office) -> list[tuple[str, str, str]]:
    with office.reading() as session:
        rows = session.exec(select(Activity).where(Activity.outcome == "done").order_by(col(Activity.seq)))
        return [(row.account, row.action, row.object) for row in rows]


def test_a_new_account_needs_both_administrators_before_it_can_come_in(office: Office) -> None:
    system, security = Browser(office, "admin"), Browser(office, "security")
    made = system.post("/people/new", {"id": "zhang.san", "name": "张三", "organ": "emergency"})
    assert made.headers["location"] == "/people/accounts/zhang.san"
    assert user(office, "zhang.san").role == ""
    shown = system.post("/people/accounts/zhang.san/password")
    password = shown.text.split('<code class="secret">')[1].split("<")[0]
    assert Visitor(office).knock("zhang.san", password).status_code == 401, "no role yet"
    assert "待授权" in text_of(system.page("/people?role=none"))
    assert security.post("/people/accounts/zhang.san/role", {"role": "clerk"}).status_code == 303
    visitor = Visitor(office)
    assert visitor.knock("zhang.san", password).status_code == 303
    assert visitor.get("/account").headers["location"] == "/account/password"
    assert deeds(office) == [
        ("admin", "新建账号", "zhang.san"), ("admin", "发放一次性密码", "zhang.san"),
        ("security", "分配角色", "zhang.san：（无） → clerk"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("id", "name", "organ", "says"),
    [
        ("Zhang", "张三", "emergency", "小写字母"), ("a", "张三", "emergency", "2 至 40"),
        ("x" * 41, "张三", "emergency", "2 至 40"),
        ("zhang san", "张三", "emergency", "小写字母"), ("<b>", "张三", "emergency", "小写字母"),
        ("zhang", "", "emergency", "不能为空"),
        ("zhang", "张\u202e三", "emergency", "U+202E"), ("zhang", "张三", "", "没有选择单位"),
        ("zhang", "张三", "moon", "没有选择单位"),
        ("office", "张三", "emergency", "已经存在"),
    ],
)  # fmt: skip
def test_a_bad_account_is_refused_and_what_was_typed_stays(
    office: Office, id: str, name: str, organ: str, says: str
) -> None:
    answer = Browser(office, "admin").post("/people/new", {"id": id, "name": name, "organ": organ})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert user(office, "office").name == "工作组办公室值班账号"
    with office.reading() as session:
        assert session.get(User, "zhang") is None


@pytest.mark.parametrize(
    ("account", "deed", "given", "who"),
    [
        ("admin", "role", {"role": "office"}, "403"), ("security", "password", {}, "403"),
        ("security", "switch", {"to": "off"}, "403"),
        ("auditor", "role", {"role": "office"}, "403"), ("office", "role", {"role": "secadmin"}, "403"),
        ("office", "password", {}, "403"), ("auditor", "unlock", {}, "403"), ("admin", "reset-code", {}, "403"),
    ],
)  # fmt: skip
def test_each_administrator_has_their_own_part(
    office: Office, account: str, deed: str, given: dict[str, str], who: str
) -> None:
    assert str(Browser(office, account).post(f"/people/accounts/emergency/{deed}", given).status_code) == who
    assert user(office, "emergency").role == "clerk"
    assert deeds(office) == []


def test_nobody_does_it_to_themselves(office: Office) -> None:
    system, security = Browser(office, "admin"), Browser(office, "security")
    for browser, address, given in (
        (system, "/people/accounts/admin/switch", {"to": "off"}), (system, "/people/accounts/admin/password", {}),
        (security, "/people/accounts/security/role", {"role": "office"}), (security, "/people/accounts/security/reset-code", {}),
    ):  # fmt: skip
        assert "由另一名管理员办理" in text_of(browser.post(address, given))
    assert user(office, "security").role == "secadmin"
    assert user(office, "admin").active


def test_the_last_administrator_of_a_kind_stays(office: Office) -> None:
    system, security = Browser(office, "admin"), Browser(office, "security")
    assert "唯一在用的审计管理员" in text_of(system.post("/people/accounts/auditor/switch", {"to": "off"}))
    assert "唯一在用的系统管理员" in text_of(security.post("/people/accounts/admin/role", {"role": "office"}))
    add_account(office, "auditor2", "auditor")
    assert system.post("/people/accounts/auditor/switch", {"to": "off"}).status_code == 303
    assert not user(office, "auditor").active
    assert "唯一在用的审计管理员" in text_of(system.post("/people/accounts/auditor2/switch", {"to": "off"}))


def test_a_new_role_ends_what_was_open_under_the_old_one(office: Office) -> None:
    with_password(office, "emergency")
    visitor = Visitor(office)
    visitor.knock("emergency", PASSWORD)
    Browser(office, "security").post("/people/accounts/emergency/role", {"role": "head"})
    assert not visitor.is_in()
    assert user(office, "emergency").role == "head"


def test_switched_off_and_on_again(office: Office) -> None:
    system = Browser(office, "admin")
    with_password(office, "emergency")
    visitor = Visitor(office)
    visitor.knock("emergency", PASSWORD)
    assert system.post("/people/accounts/emergency/switch", {"to": "off"}).status_code == 303
    assert not visitor.is_in()
    assert "已停用" in text_of(system.page("/people/accounts/emergency"))
    assert "已经停用" in text_of(system.post("/people/accounts/emergency/switch", {"to": "off"}))
    assert "请先启用" in text_of(system.post("/people/accounts/emergency/password"))
    system.post("/people/accounts/emergency/switch", {"to": "on"})
    assert visitor.knock("emergency", PASSWORD).status_code == 303


def test_a_locked_account_is_unlocked(office: Office, clock: Any) -> None:
    with_password(office, "emergency")
    visitor = Visitor(office)
    visitor.knock("emergency", PASSWORD)
    clock.tick(timedelta(seconds=1))
    for address in ("10.1.1.1", "10.5.5.5"):
        for _ in range(5):
            Visitor(office, address).knock("emergency", "Guess")
    system = Browser(office, "admin")
    assert "已锁定" in text_of(system.page("/people/accounts/emergency"))
    clock.tick(timedelta(seconds=1))
    assert system.post("/people/accounts/emergency/unlock").status_code == 303
    assert visitor.knock("emergency", PASSWORD).status_code == 303
    assert Visitor(office, "10.5.5.5").knock("emergency", PASSWORD).status_code == 303


def test_a_lost_phone_is_reset_by_the_security_administrator(office: Office) -> None:
    with_password(office, "admin", code=True)
    Browser(office, "security").post("/people/accounts/admin/reset-code")
    assert credential(office, "admin").totp_secret == ""
    visitor = Visitor(office)
    visitor.knock("admin", PASSWORD)
    assert visitor.get("/people").headers["location"] == "/account/totp"


def test_sessions_are_taken_back(office: Office) -> None:
    with_password(office, "emergency")
    visitor = Visitor(office)
    visitor.knock("emergency", PASSWORD)
    assert Browser(office, "security").post("/people/accounts/emergency/sign-out").status_code == 303
    assert not visitor.is_in()


def test_the_office_reads_the_list_and_changes_nothing(office: Office) -> None:
    page = Browser(office).page("/people")
    assert "emergency" in text_of(page)
    assert not page.xpath("//a[@href='/people/new']")
    one = Browser(office).page("/people/accounts/emergency")
    assert [a for a in one.xpath("//form[@method='post']/@action") if a != "/sign-out"] == []
    assert Browser(office).get("/people/accounts/nobody").status_code == 404


def test_the_list_asks_the_database_a_bounded_number_of_times(office: Office) -> None:
    from sqlalchemy import event

    with office.writing() as session:
        session.add_all(User(id=f"more{n}", name=f"演示{n}", organ_id="emergency") for n in range(120))
    browser, count = Browser(office, "admin"), 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(office.engine, "before_cursor_execute", counted)
    try:
        page = browser.page("/people?page=2")
    finally:
        event.remove(office.engine, "before_cursor_execute", counted)
    assert "第 51–100 条" in text_of(page)
    assert count <= 15, count


def test_the_policy_is_changed_by_the_security_administrator_alone(office: Office) -> None:
    from office.access.sign_in_policy import DEMANDS, policy_of

    given = {demand.name: str(demand.low) for demand in DEMANDS}
    assert Browser(office, "admin").post("/people/policy", given).status_code == 403
    security = Browser(office, "security")
    bad = security.post("/people/policy", {**given, "least_length": "4", "idle_minutes": "１０", "hash_memory": "1024"})
    assert bad.status_code == 422
    assert text_of(bad).count("之间的整数") == 3
    # What stands may stay, even where the page would not take it anew.
    given["hash_memory"] = "64"
    assert security.post("/people/policy", {**given, "codes_for_administrators": "1"}).status_code == 303
    with office.reading() as session:
        policy = policy_of(session)
    assert (policy.least_length, policy.idle_minutes) == (8, 5)
    assert (policy.hash_passes, policy.hash_memory) == (2, 64)
    assert ("security", "修改登录规则", "least_length：10 → 8") in deeds(office)


def test_a_token_is_shown_once_and_works_until_it_is_revoked(office: Office) -> None:
    security = Browser(office, "security")
    given = {"account": "natural_resources", "label": "市级平台", "expires_on": "2027-11-23", "may_write": "1"}
    answer = security.post("/people/tokens", given)
    secret = answer.text.split('<code class="secret">')[1].split("<")[0]
    assert secret not in security.get("/people/tokens").text
    with office.reading() as session:
        token = session.exec(select(Token)).one()
        assert (token.sha256, token.account_id, token.may_write) == (fingerprint(secret), "natural_resources", True)
    program = Browser(office, None).client
    headers = {"authorization": f"Bearer {secret}"}
    assert program.get("/api/v1/cases", headers=headers).status_code == 200
    assert Browser(office, "admin").post(f"/people/tokens/{token.id}/revoke").status_code == 403
    assert security.post(f"/people/tokens/{token.id}/revoke").status_code == 303
    assert program.get("/api/v1/cases", headers=headers).status_code == 401
    assert "已吊销" in text_of(security.page("/people/tokens"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"account": "auditor"}, "不能签发"), ({"account": "nobody"}, "没有名为"), ({"label": ""}, "不能为空"),
        ({"expires_on": "gestern"}, "有效期至"), ({"expires_on": "2026-11-22"}, "有效期至"),
        ({"expires_on": "2999-01-01"}, "有效期至"),
    ],
)  # fmt: skip
def test_a_bad_token_is_refused_and_what_was_typed_stays(office: Office, change: dict[str, str], says: str) -> None:
    given = {"account": "natural_resources", "label": "市级平台", "expires_on": "2027-11-23", **change}
    answer = Browser(office, "security").post("/people/tokens", given)
    assert answer.status_code == 422
    assert says in text_of(answer)
    with office.reading() as session:
        assert session.exec(select(Token)).first() is None


def test_own_tokens_are_revoked_by_their_owner_and_nobody_else(office: Office) -> None:
    with office.writing() as session:
        session.add(
            Token(kind="calendar", account_id="emergency", label="日历", sha256=fingerprint("x"), created_by="emergency",
                  created_at=now())
        )  # fmt: skip
    with office.reading() as session:
        token = session.exec(select(Token.id)).one()
    assert Browser(office).post(f"/account/tokens/{token}/revoke").status_code == 404
    assert Browser(office, "security").post(f"/people/tokens/{token}/revoke").status_code == 404
    owner = Browser(office, "emergency")
    assert "日历订阅" in text_of(owner.page("/account"))
    assert owner.post(f"/account/tokens/{token}/revoke").status_code == 303
    assert "没有在用的日历订阅" in text_of(owner.page("/account"))
