"""Guessing passwords: a thousand guesses lead nowhere, and nobody is shut out by a stranger for long."""

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from sqlmodel import Session, func, select

from office.access.door import Attempt, check
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import text_of
from tests.web.visitor import PASSWORD, Visitor, cheap, credential, with_password
from workflow import clock as time
from workflow.models import Activity

LIMIT = 20


@pytest.fixture(autouse=True)
def clock() -> Any:
    with freeze_time(at_nine("2026-11-23")) as frozen:
        yield frozen


@pytest.fixture
def office(office: Office) -> Office:
    cheap(office)
    with_password(office, "office")
    return office


def guess(session: Session, password: str, address: str, account: str = "office") -> str:
    said = check(session, Attempt(account, password, "", address), time.now())
    session.commit()
    return said


def test_a_thousand_guesses_from_one_address_are_not_even_looked_at(office: Office) -> None:
    with office.writing() as session:
        said = [guess(session, f"Guess-{n}", "10.6.6.6") for n in range(999)]
        assert guess(session, PASSWORD, "10.6.6.6") != "", "the right one comes too late"
        assert session.exec(select(func.count()).select_from(Activity)).one() == LIMIT, "the log cannot be filled"
    assert "还可尝试 4 次" in said[0]
    assert "账号已锁定 30 分钟" in said[4]
    assert all("已锁定 30 分钟" in sentence for sentence in said[5:LIMIT])
    assert all("一小时内输错次数过多" in sentence for sentence in said[LIMIT:])


def test_a_thousand_guesses_from_many_addresses_get_five_looks_in_half_an_hour(office: Office) -> None:
    with office.writing() as session:
        said = [guess(session, f"Guess-{n}", f"10.6.{n // 250}.{n % 250}") for n in range(1000)]
        assert guess(session, PASSWORD, "10.7.7.7") != ""
    assert sum("不正确" in sentence for sentence in said) == 5


def test_the_director_comes_in_from_the_own_desk_whatever_strangers_do(office: Office, clock: Any) -> None:
    director = Visitor(office, "10.1.1.1")
    assert director.knock("office", PASSWORD).status_code == 303
    for _ in range(6):
        clock.tick(timedelta(minutes=40))
        with office.writing() as session:
            for n in range(10):
                guess(session, "Guess", f"10.6.6.{n}")
        assert credential(office, "office").locked_until > time.now()  # type: ignore[operator]
        assert director.knock("office", PASSWORD).status_code == 303
    assert Visitor(office, "10.8.8.8").knock("office", PASSWORD).status_code == 401


def test_the_own_desk_has_five_tries_of_its_own(office: Office, clock: Any) -> None:
    director = Visitor(office)
    director.knock("office", PASSWORD)
    answers = [director.knock("office", "Guess") for _ in range(5)]
    assert "还可尝试 1 次" in text_of(answers[3])
    assert "账号已锁定 30 分钟" in text_of(answers[4])
    assert director.knock("office", PASSWORD).status_code == 401
    assert Visitor(office, "10.2.2.2").knock("office", PASSWORD).status_code == 303, "nothing was wrong elsewhere"
    clock.tick(timedelta(minutes=31))
    assert director.knock("office", PASSWORD).status_code == 303


def test_half_an_hour_later_the_door_opens_again(office: Office, clock: Any) -> None:
    visitor = Visitor(office)
    for _ in range(5):
        visitor.knock("office", "Guess")
    assert visitor.knock("office", PASSWORD).status_code == 401
    clock.tick(timedelta(minutes=31))
    assert visitor.knock("office", PASSWORD).status_code == 303


def test_who_does_not_exist_is_answered_like_who_does(office: Office) -> None:
    known, unknown = Visitor(office, "10.3.3.3"), Visitor(office, "10.4.4.4")
    for _ in range(7):
        one, other = known.knock("office", "Guess"), unknown.knock("nobody", "Guess")
        assert one.status_code == other.status_code == 401
        assert text_of(one) == text_of(other)


def test_a_password_typed_as_the_account_is_not_written_down(office: Office) -> None:
    Visitor(office).knock("My-Secret-2026", "x")
    with office.reading() as session:
        (row,) = session.exec(select(Activity))
        assert (row.account, row.outcome) == ("", "sign_in_failed")
        assert "My-Secret" not in str(row.model_dump())


def test_a_dearer_hash_is_made_at_the_next_sign_in(office: Office) -> None:
    before = credential(office, "office").password_hash
    cheap(office, hash_memory=128)
    assert Visitor(office).knock("office", PASSWORD).status_code == 303
    after = credential(office, "office").password_hash
    assert before != after
    assert "m=128" in after
