"""统一身份认证, against a provider that really answers: who is let in, and what is not believed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from freezegun import freeze_time
from joserfc.jwk import OctKey, RSAKey
from sqlmodel import select

from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Response, text_of
from tests.web.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.web.visitor import PASSWORD, Visitor, add_administrators, cheap, credential, with_password
from workflow import clock
from workflow.models import Activity, SignIn, User


@pytest.fixture(autouse=True)
def _today() -> Any:
    with freeze_time(at_nine("2026-11-23"), ignore=["threading"]):
        yield


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    with IdentityProvider().serving() as found:
        monkeypatch.setenv("MINECASE_OIDC_ISSUER", found.issuer)
        monkeypatch.setenv("MINECASE_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("MINECASE_OIDC_CLIENT_SECRET", SECRET)
        yield found


def confirmed(visitor: Visitor, next: str = "/") -> Response:
    """Goes to the provider and comes back, as a browser does."""
    there = visitor.get(f"/sign-in/oidc?next={next}")
    assert there.status_code == 303, text_of(there)
    back = httpx2.get(there.headers["location"], trust_env=False).headers["location"]
    return visitor.get(back.removeprefix("http://127.0.0.1"))


@pytest.mark.usefixtures("provider")
def test_somebody_confirmed_comes_in_with_the_account_of_that_name(office: Office) -> None:
    visitor = Visitor(office)
    assert "使用统一身份认证登录" in text_of(visitor.page("/sign-in"))
    answer = confirmed(visitor, "/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert "阳城县应急管理局" in text_of(visitor.page("/account"))
    assert "没有密码" in text_of(visitor.page("/account/password"))
    with office.reading() as session:
        row = session.exec(select(Activity)).one()
        assert (row.account, row.action, row.outcome) == ("emergency", "登录（统一身份认证）", "signed_in")


def test_without_a_provider_there_is_no_button_and_no_way(office: Office) -> None:
    visitor = Visitor(office)
    assert "统一身份认证" not in text_of(visitor.page("/sign-in"))
    assert visitor.get("/sign-in/oidc").status_code == 404


def test_another_claim_may_name_the_account(
    office: Office, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINECASE_OIDC_CLAIM", "employee")
    provider.claims = {"preferred_username": "office", "employee": "emergency"}
    visitor = Visitor(office)
    confirmed(visitor)
    assert "阳城县应急管理局" in text_of(visitor.page("/account"))


@pytest.mark.parametrize("name", ["nobody", "", "Emergency", None, 7])
def test_no_account_is_made_by_a_sign_in(office: Office, provider: IdentityProvider, name: Any) -> None:
    provider.claims = {"preferred_username": name}
    answer = confirmed(Visitor(office))
    assert answer.status_code == 401
    assert "没有与之对应的可用账号" in text_of(answer)
    with office.reading() as session:
        assert session.get(User, str(name)) is None
        assert session.exec(select(SignIn)).first() is None


@pytest.mark.usefixtures("provider")
def test_an_account_that_is_off_stays_out(office: Office) -> None:
    with office.writing() as session:
        session.get_one(User, "emergency").active = False
    assert confirmed(Visitor(office)).status_code == 401


def test_administrators_keep_to_password_and_code(office: Office, provider: IdentityProvider) -> None:
    add_administrators(office)
    provider.claims = {"preferred_username": "admin"}
    answer = confirmed(Visitor(office))
    assert answer.status_code == 401
    assert "请用密码和动态口令登录" in text_of(answer)


@pytest.mark.usefixtures("provider")
def test_a_password_that_was_handed_out_does_not_stay_valid_beside(office: Office) -> None:
    cheap(office)
    with_password(office, "emergency")
    with office.writing() as session:
        from workflow.models import Credential

        session.get_one(Credential, "emergency").must_change = True
    visitor = Visitor(office)
    confirmed(visitor)
    assert visitor.is_in()
    assert credential(office, "emergency").password_hash == ""
    assert Visitor(office).knock("emergency", PASSWORD).status_code == 401


def _past() -> int:
    return int(clock.now().timestamp()) - 4000


@pytest.mark.parametrize(
    "false",
    [{"nonce": "another"}, {"aud": "another-system"}, {"iss": "https://evil.example"}, {"exp": 1}, {"azp": "another"},
     {"nonce": None}, {"exp": None}],
    ids=str,
)  # fmt: skip
def test_what_the_provider_says_of_another_sign_in_is_not_believed(
    office: Office, provider: IdentityProvider, false: dict[str, Any]
) -> None:
    provider.false = {**false, **({"exp": _past()} if false.get("exp") else {})}
    visitor = Visitor(office)
    assert confirmed(visitor).status_code == 401
    assert not visitor.is_in()


def test_another_key_is_not_believed(office: Office, provider: IdentityProvider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, parameters={"kid": "one"})
    assert "身份凭证无效" in text_of(confirmed(Visitor(office)))


def test_a_weak_signature_is_not_believed(office: Office, provider: IdentityProvider) -> None:
    """HS256 with what both sides know: a client that took every algorithm would believe it."""
    provider.algorithm = "HS256"
    provider.signing_key = OctKey.import_key(SECRET)  # type: ignore[assignment]
    assert "身份凭证无效" in text_of(confirmed(Visitor(office)))


@pytest.mark.usefixtures("provider")
def test_the_way_back_works_once_and_for_the_browser_that_set_out(office: Office) -> None:
    visitor, other = Visitor(office), Visitor(office, "10.6.6.6")
    there = visitor.get("/sign-in/oidc").headers["location"]
    back = httpx2.get(there, trust_env=False).headers["location"].removeprefix("http://127.0.0.1")
    assert "不是从本系统发起的" in text_of(other.get(back))
    other.get("/sign-in/oidc")
    assert other.get(back).status_code == 401, "the state is another browser's"
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 401
    state = parse_qs(urlsplit(there).query)["state"][0]
    assert visitor.get(f"/sign-in/oidc/callback?code=guessed&state={state}").status_code == 401


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize("cookie", ["zz", "7b7d", "5b5d", "00", "é"])
def test_an_odd_cookie_is_no_sign_in_under_way(office: Office, cookie: str) -> None:
    visitor = Visitor(office)
    headers = {"cookie": f"minecase-oidc={cookie}".encode("latin-1")}
    assert visitor.client.get("/sign-in/oidc/callback?code=x&state=y", headers=headers).status_code == 401


@pytest.mark.usefixtures("provider")
def test_the_person_who_says_no_at_the_provider_is_back_at_the_door(office: Office) -> None:
    visitor = Visitor(office)
    state = parse_qs(urlsplit(visitor.get("/sign-in/oidc").headers["location"]).query)["state"][0]
    answer = visitor.get(f"/sign-in/oidc/callback?error=access_denied&state={state}")
    assert answer.status_code == 401
    assert "没有确认您的身份" in text_of(answer)


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize(
    ("issuer", "says"), [("http://127.0.0.1:9", "连不上"), ("http://provider.example", "不是 https")]
)
def test_a_provider_that_cannot_be_used_leaves_the_password(
    office: Office, monkeypatch: pytest.MonkeyPatch, issuer: str, says: str
) -> None:
    monkeypatch.setenv("MINECASE_OIDC_ISSUER", issuer)
    answer = Visitor(office).get("/sign-in/oidc")
    assert answer.status_code == 503
    assert says in text_of(answer)
    assert "用户登录" in text_of(answer)
