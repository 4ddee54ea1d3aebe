"""Where an organ is reached depends on the day."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from notifications.recipients import address_for, organ_name
from tests.notifications.desk import add_organ
from workflow.models import Contact


@pytest.fixture
def mill(engine: Engine) -> Engine:
    """Moved in March, got a second address in June that ended in August; a telephone only since October."""
    add_organ(engine, "mill")
    rows = [
        ("old@office.example", date(2026, 1, 1), date(2026, 2, 28)),
        ("new@office.example", date(2026, 3, 1), None),
        ("summer@office.example", date(2026, 6, 1), date(2026, 8, 31)),
        ("", date(2026, 10, 1), None),
    ]
    with Session(engine) as session:
        session.add_all(Contact(organ_id="mill", email=e, valid_from=a, valid_to=b, phone="0") for e, a, b in rows)
        session.commit()
    return engine


@pytest.mark.parametrize(
    ("on", "email"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), "old@office.example"),
        (date(2026, 2, 28), "old@office.example"),
        (date(2026, 3, 1), "new@office.example"),
        (date(2026, 8, 31), "summer@office.example"),
        (date(2026, 9, 1), "new@office.example"),
        (date(2026, 11, 23), "new@office.example"),
    ],
)
def test_the_latest_valid_address_wins(mill: Engine, on: date, email: str | None) -> None:
    with Session(mill) as session:
        contact = address_for(session, "mill", on)
        assert (contact.email if contact else None) == email


def test_an_unknown_organ_has_no_address_and_a_name_that_says_so(engine: Engine) -> None:
    with Session(engine) as session:
        assert address_for(session, "", date(2026, 11, 23)) is None
        assert address_for(session, "nobody", date(2026, 11, 23)) is None
        assert organ_name(session, "") == "责任单位待明确"
        assert organ_name(session, "nobody") == "nobody"
        assert organ_name(session, "clinic") == "虚构单位clinic"
