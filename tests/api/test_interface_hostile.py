"""Whatever is sent to the interface, it answers in its own words and never breaks down."""

import json
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from office.running.installation import Office
from tests.api.test_interface import caller

#: Text that has broken programs: NUL, direction marks, full-width, surrogates, a million letters.
EVIL = st.sampled_from([
    "\x00", "\u202e甲", "２０２６－１１－２３", "<script>", "' OR 1=1 --", "{{7*7}}", "../../etc/passwd", "9" * 400, "\ud800",
    "a" * 10**6, "", "true",
])  # fmt: skip
_FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True,
    database=None,
)  # fmt: skip


def test_calls_drawn_from_the_description_never_break_it(office: Office) -> None:
    client = caller(office)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app, headers={"host": "127.0.0.1"})
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @_FEW
        @given(operation.as_strategy())
        def call(case: schemathesis.Case) -> None:
            answer = case.call(headers={"authorization": client.headers["authorization"], "host": "127.0.0.1"})
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            assert str(answer.status_code) in case.operation.definition.raw["responses"], answer.status_code
            tried.append(case.path)

        call()
    assert set(tried) == {f"{path}" for path in schema.raw_schema["paths"]}


def test_evil_text_in_every_place_is_answered_in_words(office: Office) -> None:
    client = caller(office)

    @_FEW
    @given(EVIL, EVIL, EVIL)
    def ask(one: str, two: str, three: str) -> None:
        body: dict[str, Any] = {"occurred_on": one, "fields": {two: three}, "expected_version": three}
        for occurred in ({}, {"occurred_on": "2026-11-23"}):
            answer = client.post(
                "/cases/2-4/steps/open_talks", content=json.dumps({**body, **occurred}),
                headers={"content-type": "application/json"},
            )  # fmt: skip
            assert 400 <= answer.status_code < 500
            assert answer.json()["message"]
        for params in ({"mine": one}, {"procedure": two}, {"after": three}, {"until": one}):
            assert client.get("/cases", params=_sendable(params)).status_code < 500
            assert client.get("/deadlines", params=_sendable(params)).status_code < 500

    ask()


def test_what_is_refused_before_the_interface_is_answered_in_its_shape(office: Office) -> None:
    client = caller(office)
    for answer in (
        client.get("/cases?mine=%00"),
        client.get("/cases/2-4%0A"),
        client.get("/cases", headers={"content-length": "9" * 12}),
    ):
        assert answer.status_code in (400, 413)
        assert set(answer.json()) == {"error", "message", "blockers", "version"}


def _sendable(params: dict[str, str]) -> dict[str, str]:
    """A browser cannot send half a character, nor an endless address."""
    return {name: text.encode("utf-8", "replace").decode()[:2000] for name, text in params.items()}
