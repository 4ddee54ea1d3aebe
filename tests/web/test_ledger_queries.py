"""A page of the ledger costs the same few statements for five cases and for five hundred."""

from collections.abc import Callable

import pytest
from freezegun import freeze_time

from office.cases.kept import Kept
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser
from tests.web.statements import crowd, statements

TODAY = at_nine("2026-11-23")
#: Sign-in, frame, counts, choices of the filters, the page and its rows.
MOST = 34


def asked(office: Office, query: str) -> list[str]:
    browser = Browser(office)
    browser.get("/calendar")
    with statements(office.engine) as seen:
        assert browser.get(f"/cases{query}").status_code == 200
    return seen


@freeze_time(TODAY)
@pytest.mark.parametrize(
    "query", ["", "?due=late", "?q=演示", "?sort=-entered_on", "?procedure=closure&due=soon", "?page=3&size=20"]
)
def test_the_number_of_statements_does_not_grow(new_office: Callable[[], Office], query: str) -> None:
    few, many = new_office(), new_office()
    crowd(few.engine, 5, due_on=TODAY.date())
    crowd(many.engine, 500, due_on=TODAY.date())
    little, much = asked(few, query), asked(many, query)
    assert len(much) <= len(little), "\n".join(much)
    assert len(much) <= MOST, "\n".join(much)


@freeze_time(TODAY)
def test_what_was_counted_is_kept_until_the_history_moves_on(office: Office) -> None:
    browser = Browser(office)
    browser.get("/cases")
    with statements(office.engine) as again:
        browser.get("/cases")
    assert not [
        statement for statement in again if "count(" in statement and "proceeding" in statement.split("WHERE")[0]
    ]
    counted: list[int] = []
    with office.reading() as session:
        for _ in range(2):
            Kept(session).ask("here", lambda: counted.append(1))
    assert counted == [1]
