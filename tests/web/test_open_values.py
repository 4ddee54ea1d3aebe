"""待明确事项: asked of an organ, filled several at once with a source, all or none; who filled what stays on record."""

import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
from freezegun import freeze_time
from sqlmodel import select

from office.access.people import person_of
from office.cases.open_values import Answer, fill
from office.running.installation import Office
from tests.conftest import at_nine
from tests.web.browser import Browser, text_of
from tests.web.paper_desk import TODAY, tree
from workflow.audit import verify
from workflow.models import Case, Event, Mine, OpenValue

EVIL = "\"><script>alert(1)</script>'; DROP TABLE open_value; --"


@pytest.fixture(autouse=True)
def today() -> Iterator[object]:
    with freeze_time(at_nine(TODAY)) as clock:
        yield clock


def row(office: Office, code: str, name: str) -> OpenValue:
    with office.reading() as session:
        query = select(OpenValue).join(Mine).where(Mine.code == code, OpenValue.name == name)  # type: ignore[arg-type]
        found = session.exec(query).one()
        session.expunge(found)
        return found


def inputs(page: object) -> list[str]:
    return page.xpath("//input[starts-with(@name, 'value-')]/@name")  # type: ignore[attr-defined,no-any-return]


def test_the_office_fills_several_at_once_from_one_source(office: Office) -> None:
    browser = Browser(office)
    town, permit = row(office, "2-2", "township_id"), row(office, "2-2", "safety_permit_valid_to")
    answer = browser.post(
        "/open-values?mine=2-2",
        {f"value-{town.id}": "凤城镇", f"value-{permit.id}": "2027-05-01", f"source-{permit.id}": "许可证原件",
         "source": "现场核实", "on": TODAY},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, "/open-values?mine=2-2")
    assert "已登记 2 项" in text_of(browser.get("/open-values?mine=2-2"))
    found = row(office, "2-2", "township_id"), row(office, "2-2", "safety_permit_valid_to")
    assert [(v.filled_by, v.source) for v in found] == [("office", "现场核实"), ("office", "许可证原件")]
    filled = text_of(browser.page("/open-values?tab=filled"))
    for part in ("凤城镇", "2027-05-01", "许可证原件", "工作组办公室值班账号"):
        assert part in filled
    with office.reading() as session:
        assert list(verify(session)) == []
        entries = session.exec(select(Event).join(Case).where(Event.kind == "record", Case.number == "2-2")).all()  # type: ignore[arg-type]
        assert [set(entry.data["fields"]) for entry in entries] == [{"township_id"}, {"safety_permit_valid_to"}] or len(
            entries
        ) == 2


def test_one_wrong_answer_keeps_all_of_them_out_and_nothing_typed_is_lost(office: Office) -> None:
    browser = Browser(office)
    number, until = row(office, "2-2", "safety_permit_number"), row(office, "2-2", "safety_permit_valid_to")
    given = {f"value-{number.id}": EVIL, f"value-{until.id}": "去年", "source": EVIL}
    answer = browser.post("/open-values", given)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    page = tree(answer)
    assert page.xpath(f"//input[@name='value-{number.id}']/@value") == [EVIL]
    assert "“去年”不对" in text_of(page.xpath(f"//*[@id='wrong-{until.id}']")[0])
    assert row(office, "2-2", "safety_permit_number").value is None
    with office.reading() as session:
        assert session.exec(select(Event).where(Event.kind == "record")).all() == []


def test_what_is_odd_is_kept_as_text_and_shown_as_text(office: Office) -> None:
    browser = Browser(office)
    value = row(office, "2-2", "safety_permit_number")
    assert browser.post("/open-values", {f"value-{value.id}": EVIL, "source": EVIL}).status_code == 303
    assert row(office, "2-2", "safety_permit_number").value == EVIL
    filled = browser.get("/open-values?tab=filled")
    assert "<script>alert" not in filled.text
    assert EVIL in text_of(filled)


@pytest.mark.parametrize(
    ("value", "more", "why"),
    [
        ("凤城镇", {}, "“来源”不能为空"),
        ("没有的镇", {"source": "演示"}, "没有名为“没有的镇”的单位"),
        ("凤城镇", {"source": "演示", "on": "2026-12-24"}, "在今天"),
        ("凤城镇", {"source": "看不见\u202e", "on": TODAY}, "看不见的控制字符"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused(office: Office, value: str, more: dict[str, str], why: str) -> None:
    asked = row(office, "2-2", "township_id")
    answer = Browser(office).post("/open-values", {f"value-{asked.id}": value, **more})
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert row(office, "2-2", "township_id").value is None


def test_an_organ_fills_what_it_is_asked_and_nothing_else(office: Office) -> None:
    emergency = Browser(office, "emergency")
    mine = row(office, "2-2", "safety_permit_number")
    other = row(office, "2-2", "township_id")
    page = emergency.page("/open-values?mine=2-2")
    assert f"value-{mine.id}" in inputs(page)
    assert f"value-{other.id}" not in inputs(page)
    answer = emergency.post(
        "/open-values", {f"value-{mine.id}": "演示号", f"value-{other.id}": "凤城镇", "source": "演示"}
    )
    assert answer.status_code == 422
    assert "不由您的单位填写" in text_of(answer)
    assert row(office, "2-2", "safety_permit_number").value is None
    assert emergency.post("/open-values", {f"value-{mine.id}": "演示号", "source": "演示"}).status_code == 303
    assert row(office, "2-2", "safety_permit_number").filled_by == "emergency"
    late = Browser(office).post("/open-values", {f"value-{mine.id}": "另一号", "source": "演示"})
    assert late.status_code == 422
    assert "已由" in text_of(late)
    assert row(office, "2-2", "safety_permit_number").value == "演示号"


def test_of_two_people_at_one_value_the_second_is_told_who_has_filled_what(office: Office) -> None:
    asked, told = row(office, "2-2", "township_id"), threading.Event()
    found: list[dict[int, str]] = []

    def second() -> None:
        with office.reading() as session:
            person = person_of(session, "office")
        told.set()
        with office.writing() as session:
            found.append(
                fill(session, person, [Answer(asked.id or 0, "河北镇", "电话询问")], date.fromisoformat(TODAY))
            )

    with office.writing() as session:
        person = person_of(session, "natural_resources")
        assert fill(session, person, [Answer(asked.id or 0, "凤城镇", "现场核实")], date.fromisoformat(TODAY)) == {}
        # The other one writes while this is not committed yet, and has to wait.
        other = threading.Thread(target=second)
        other.start()
        assert told.wait(5), "whoever reads must not wait for a writer"
        time.sleep(0.3)
        assert found == []
        session.commit()
    other.join(20)
    (sentence,) = found[0].values()
    for part in ("凤城镇", "现场核实", TODAY, "自然资源局", "河北镇", "电话询问", "没有保存"):
        assert part in sentence
    assert row(office, "2-2", "township_id").source == "现场核实"


def test_an_organ_with_no_part_in_the_mines_sees_nothing_of_them(office: Office) -> None:
    tax = Browser(office, "broadcasting").page("/open-values?mine=2-2")
    assert inputs(tax) == []
    assert "润泰" not in text_of(tax.xpath("//main")[0]) or "待" in text_of(tax)


def test_filters_narrow_the_list_and_the_badge_counts_what_it_shows(office: Office) -> None:
    browser = Browser(office)
    page = browser.page("/open-values")
    total = int(page.xpath("//h2[text()='待填写']/following-sibling::span/text()")[0].split()[1])
    assert page.xpath("//nav//a[@href='/open-values']/span[@class='count']/text()") == [str(total)]
    only = browser.page("/open-values?organ=emergency&item=safety_permit_number")
    assert {text_of(cell).split("依据")[0] for cell in only.xpath("//tbody/tr/td[2]")} == {"安全生产许可证编号"}
    for odd in ("page=-1", "organ=%27", "mine=%25%25", "tab=x", "page=99999"):
        assert browser.get(f"/open-values?{odd}").status_code == 200
    assert browser.post("/open-values", {"value-x": "1", "value-99999": "1", "source": "演示"}).status_code == 422
    assert "没有填写任何一项" in text_of(browser.post("/open-values", {"source": "演示"}))
