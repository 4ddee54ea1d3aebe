"""调查摸底 at the screens: who may enter what, two people at one mine, reminders of what is missing, and its report."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from httpx2 import Response
from lxml import html
from sqlmodel import col, select

from notifications.render import render
from office.papers.drafting import begin
from office.papers.papers import form
from office.running.installation import Office
from states.documents import BY_ID
from states.survey import ITEMS
from tests.conftest import at_nine
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from tests.web.forms import hidden, post_step
from tests.web.statements import crowd, statements
from tests.web.visitor import add_account
from web import links
from workflow.audit import verify
from workflow.models import Event, Mine, Notice, OpenValue
from workflow.office_paper import office_group

ON = "2025-04-02"
#: A complete survey, organ by organ.
TOLD = {
    "natural_resources": {
        "valid_from": "2016-11-29", "valid_to": "2026-11-29", "production_status": "停产", "is_mining": "no", "idle_months": "14",
        "scale": "30", "mineral_use": "建筑石料", "mining_method": "露天", "remaining_life": "4.50", "resources_exhausted": "no",
        "near_exhausted": "no", "facility_investment": "860", "mechanised": "yes", "automated": "no", "green_mine": "no",
        "under_construction": "no", "penalty_natural_resources": "没有处罚", "illegal_works": "no", "meets_requirements": "yes",
        "licence_number": "C1405002016117130149999",
    },
    "emergency": {
        "safety_permit_number": "演示安许证1号", "safety_permit_valid_to": "2025-01-01", "obsolete_process": "no",
        "safe_conditions": "yes", "penalty_emergency": "没有处罚",
    },
    "approval": {"business_licence_number": "149999000000001"},
    "ecology": {"discharge_permit_number": "演示登记1号", "penalty_ecology": "没有处罚"},
    "tax": {"dues_paid": "yes"},
}  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示二十一号石灰岩矿", mineral="石灰岩")


@pytest.fixture
def case(story: Story) -> str:
    number = story.open("intake", "2025-03-20")
    story.take(number, "start_survey", "2025-03-24")
    return number


def save(browser: Browser, code: str, values: dict[str, str], *, source: str = "演示核查记录", **more: str) -> Response:
    """Fills in the form as a browser does: what stands in it, and what was changed."""
    page = browser.page(f"/survey/{code}")
    was = {name: hidden(page, f"was_{name}") for name in values if page.xpath(f"//*[@name='was_{name}']")}
    data = {"seen": hidden(page, "seen"), "source": source, **{f"v_{name}": text for name, text in values.items()}}
    return browser.post(f"/survey/{code}", {**data, **{f"was_{name}": text for name, text in was.items()}, **more})


def records(story: Story) -> list[Event]:
    return story.rows(select(Event).where(Event.kind == "record").order_by(col(Event.seq)))


@freeze_time(at_nine(ON))
def test_organs_fill_their_values_in_one_entry_each_until_nothing_is_missing(story: Story, case: str) -> None:
    url = f"/survey/{story.mine}"
    emergency = Browser(story.office, "emergency")
    offered = {name[2:] for name in emergency.page(url).xpath("//main//@name") if name.startswith("v_")}
    assert offered == {name for name, item in ITEMS.items() if item.asked_of.id == "emergency"}
    # Neither somebody else's value, nor one without a source, nor a wrong one: all or none, and nothing typed is lost.
    foreign = save(emergency, story.mine, {"mechanised": "yes"}, was_mechanised="")
    assert "不由您的单位填写" in text_of(foreign)
    bare = save(emergency, story.mine, {"safe_conditions": "yes"}, source=" ")
    assert (bare.status_code, "“来源”不能为空" in text_of(bare)) == (422, True)
    wrong = save(emergency, story.mine, {"safe_conditions": "yes", "safety_permit_valid_to": "2025.2.30"})
    page = html.fromstring(wrong.text)
    assert "没有这一天" in text_of(page.xpath("//*[@id='wrong-safety_permit_valid_to']")[0])
    assert page.xpath("//select[@name='v_safe_conditions']/option[@selected]/@value") == ["yes"]
    assert save(emergency, story.mine, {"safe_conditions": "yes"}, on="2025-04-03").status_code == 422
    assert records(story) == []

    for organ, values in TOLD.items():
        answer = save(Browser(story.office, organ), story.mine, values)
        assert answer.status_code == 303, text_of(answer)
    entries = records(story)
    assert [(entry.organ_id, len(entry.data["fields"])) for entry in entries] == [(o, len(v)) for o, v in TOLD.items()]
    facts = story.view(case).mine.facts
    assert (facts["remaining_life"], facts["is_mining"], facts["valid_to"]) == ("4.5", "no", "2026-11-29")
    seen = text_of(Browser(story.office, TOWNSHIP).page(url))
    assert "四项内容都已查清" in seen
    assert "演示安许证1号" in seen
    assert "演示核查记录阳城县应急管理局经办岗 2025-04-02" in seen.replace(" 阳城", "阳城")
    with story.office.reading() as session:
        assert list(verify(session)) == []
    # A value may turn out to be wrong: taken back with a source, it is missing again, and the history says so.
    assert save(Browser(story.office), story.mine, {"green_mine": ""}, source="复核").status_code == 303
    assert "green_mine" not in story.view(case).mine.facts
    assert "改为尚未查清" in text_of(Browser(story.office).page(links.case_url(case)))


@pytest.mark.usefixtures("case")
@freeze_time(at_nine(ON))
def test_who_has_no_part_in_a_mine_does_not_find_its_survey(story: Story) -> None:
    add_account(story.office, "far", "clerk", "broadcasting")
    far = Browser(story.office, "far")
    assert far.get(f"/survey/{story.mine}").status_code == 404
    assert far.get("/survey/2-1").status_code == 404
    assert "没有可统计的矿山" in text_of(far.page("/survey"))
    township = Browser(story.office, TOWNSHIP)
    assert township.post(f"/survey/{story.mine}", {"v_mechanised": "yes", "source": "演示"}).status_code == 422
    assert township.get("/survey/2-1").status_code == 404
    # A planned block has nothing to survey.
    assert Browser(story.office).get("/survey/3-1").status_code == 404
    # The mines of the annexes are on a route: their values are the mine's all the same.
    assert save(Browser(story.office, "tax"), "2-1", {"dues_paid": "no"}).status_code == 303
    assert story.view("2-1").mine.facts["dues_paid"] == "no"
    # What stands among the open values is answered there too.
    assert save(Browser(story.office, "emergency"), "2-2", {"safety_permit_number": "演示许可"}).status_code == 303
    (row,) = story.rows(
        select(OpenValue).join(Mine).where(Mine.code == "2-2", OpenValue.name == "safety_permit_number")  # type: ignore[arg-type]
    )
    assert (row.value, row.filled_by, row.source) == ("演示许可", "emergency", "演示核查记录")


@freeze_time(at_nine(ON))
def test_the_slower_of_two_sees_what_the_other_recorded_and_overwrites_nothing_unseen(story: Story, case: str) -> None:
    first, second = Browser(story.office, "natural_resources"), Browser(story.office)
    seen = hidden(second.page(f"/survey/{story.mine}"), "seen")
    assert save(first, story.mine, {"mechanised": "yes", "scale": "30"}, source="现场核实").status_code == 303

    form_of_the_second = {"mechanised": "", "scale": "25", "green_mine": "no"}
    answer = save(second, story.mine, form_of_the_second, was_mechanised="", was_scale="", seen=seen)
    assert answer.status_code == 409
    text = text_of(answer)
    for part in (
        "2025-04-02 09:30",
        "自然资源局",
        "已实现机械化：是",
        "生产规模：30万吨/年",
        "来源：现场核实",
        "系统现值：30万吨/年",
    ):
        assert part in text
    page = html.fromstring(answer.text)
    # What the second had not touched shows the new value; what they typed is kept.
    assert page.xpath("//select[@name='v_mechanised']/option[@selected]/@value") == ["yes"]
    assert page.xpath("//input[@name='v_scale']/@value") == ["25"]
    assert hidden(page, "was_scale") == "30"
    assert len(records(story)) == 1
    assert save(second, story.mine, {"mechanised": "yes", "scale": "25", "green_mine": "no"}).status_code == 303
    facts = story.view(case).mine.facts
    assert (facts["mechanised"], facts["scale"], facts["green_mine"]) == ("yes", "25", "no")


def test_reminders_tell_every_organ_what_it_owes_word_for_word_as_previewed(story: Story, case: str) -> None:
    day = "2025-04-08"  # a week before the plan's own day
    with freeze_time(at_nine(day)):
        assert save(Browser(story.office, "approval"), story.mine, TOLD["approval"]).status_code == 303
    with story.office.reading() as session:
        rows = story.office.preview(session, date.fromisoformat(day), date.fromisoformat(day))
        previewed = {row["recipient_id"]: row["body"] for row in rows if row["kind"] == "digest"}
    story.morning(day)
    sent = {n.recipient_id: n for n in story.rows(select(Notice).where(Notice.kind == "digest"))}
    told = {organ: render(notice.kind, notice.payload).body for organ, notice in sent.items()}
    assert told == previewed
    tax = "摸底缺项（阳城县税务局，1项）：出让收益和使用费已按期缴纳"
    assert tax in told["tax"]
    assert "应急管理局，" not in told["tax"]
    assert "请在系统“调查摸底”中登记本单位的缺项" in told["tax"]
    # The lead sees everybody's; who has told everything is left in peace.
    assert tax in told["natural_resources"]
    assert "应急管理局，5项" in told["natural_resources"]
    assert "approval" not in told
    with freeze_time(at_nine(day)):
        page = text_of(Browser(story.office, "natural_resources").page(links.step_url(case, "finish_survey")))
    assert tax in page


@pytest.mark.usefixtures("case")
@freeze_time(at_nine(ON))
def test_the_office_urges_each_organ_once_a_day_in_the_words_shown(story: Story) -> None:
    office = Browser(story.office)
    save(office, story.mine, TOLD["tax"])
    shown = {
        page.get("aria-label").removesuffix("的催报原文"): page.text_content()
        for page in office.page("/survey/urge").xpath("//pre")
    }
    answer = office.post("/survey/urge", {"organ": ["tax", "emergency"]})
    assert answer.headers["location"] == "/survey/urge"
    notices = story.rows(select(Notice).where(Notice.kind == "survey_gaps"))
    assert {n.recipient_id for n in notices} == {"tax", "emergency"}
    for notice in notices:
        assert render(notice.kind, notice.payload).body.strip() == shown[notice.payload["recipient"]].strip()
    (tax,) = (n for n in notices if n.recipient_id == "tax")
    # Owed about the thirteen mines of the annexes, not about this one and not about planned blocks.
    listed = {row["code"] for row in tax.payload["mines"]}
    assert story.mine not in listed
    assert listed
    assert all(code.startswith("2-") for code in listed)
    assert "2025年4月15日" in render(tax.kind, tax.payload).body
    again = office.post("/survey/urge", {"organ": "tax"})
    assert (again.status_code, "今天（2025-04-02）已经催报过" in text_of(again)) == (422, True)
    assert "没有选择要催报的单位" in text_of(office.post("/survey/urge", {}))
    acts = story.rows(select(Event).where(Event.trigger == "survey_urged"))
    assert {(entry.data["organ"], entry.case_id) for entry in acts} == {("tax", None), ("emergency", None)}
    assert "全县事务" in text_of(office.page("/audit"))
    assert "催报" in text_of(office.page("/notices?kind=survey_gaps"))
    story.sound()


@freeze_time(at_nine(ON))
def test_a_survey_is_finished_from_its_values_gaps_and_all_and_proposes_routes(story: Story, case: str) -> None:
    bureau = Browser(story.office, "natural_resources")
    save(
        bureau,
        story.mine,
        {"resources_exhausted": "yes", "valid_to": "2030-01-01", "penalty_natural_resources": "没有处罚"},
    )
    page = bureau.page(links.step_url(case, "finish_survey"))
    drafted = {box.get("name"): box.text_content() for box in page.xpath("//textarea")}
    assert "资源已经枯竭：是" in drafted["v_survey_operation"]
    assert drafted["v_survey_penalties"].startswith("自然资源部门处罚及整改进度：没有处罚。尚未查清：")
    assert "县税务局，1项" in text_of(page)
    typed = {name[2:]: text for name, text in drafted.items() if text} | {"survey_left": "税务资料待回函"}
    assert post_step(bureau, case, "finish_survey", **typed).status_code == 303
    assert story.view(case).facts["survey_left"] == "税务资料待回函"
    seen = Browser(story.office, "working_group").page(f"/survey/{story.mine}")
    assert seen.xpath("//a[text()='去拟定整治方式']/@href") == [links.step_url(case, "propose_route")]
    text = text_of(seen)
    assert "系统建议：引导退出" in text
    assert "还缺这些事实才能判断" in text


@pytest.mark.usefixtures("case")
@freeze_time(at_nine(ON))
def test_the_report_counts_what_is_known_and_names_what_is_not(story: Story) -> None:
    for organ, values in TOLD.items():
        save(Browser(story.office, organ), story.mine, values)
    with story.office.writing() as session:
        from office.access.people import person_of

        person = person_of(session, "natural_resources")
        (paper,) = begin(session, person, BY_ID["survey_report"], [], joint=False, issuer="", on=date.fromisoformat(ON))
    with story.office.reading() as session:
        survey = office_group(session, "survey_report", date.fromisoformat(ON), [])["survey"]
        # Nothing has to be typed before it can be issued but who signs it.
        missing = [name for name, _ in form(story.office, session, paper).missing]
    assert not [name for name in missing if "survey" in name]
    mines = survey["total"]
    assert (mines > 1, survey["complete"]) == (True, 1)
    row = next(row for row in survey["rows"] if row["mine"] == "演示二十一号石灰岩矿")
    assert (row["mechanised"], row["missing"], row["safety_valid_to"]) == ("是", "", "2025-01-01")
    other = next(row for row in survey["rows"] if row["mine"] != row["holder"] and row["missing"])
    assert (other["mechanised"], other["penalties"]) == ("尚未查清", "尚未查清")
    assert f"安全生产许可证：已到期1座，尚未查清{mines - 1}座。" in survey["summary"]["permits"]
    assert len(survey["tallies"]) == len(ITEMS)


@freeze_time(at_nine("2026-11-23"))
def test_completeness_costs_the_same_for_five_mines_and_five_hundred(new_office: Callable[[], Office]) -> None:
    def asked(office: Office) -> list[str]:
        browser = Browser(office)
        browser.get("/calendar")
        with statements(office.engine) as seen:
            assert browser.get("/survey?organ=tax&state=incomplete").status_code == 200
        with statements(office.engine) as again:
            browser.get("/survey?page=2")
        # Kept for as long as the history stands where it stood.
        assert not [statement for statement in again if "mine.facts" in statement]
        return seen

    few, many = new_office(), new_office()
    crowd(few.engine, 5, due_on=date(2026, 11, 23))
    crowd(many.engine, 500, due_on=date(2026, 11, 23))
    little, much = asked(few), asked(many)
    assert len(much) <= len(little), "\n".join(much)
    assert len(much) <= 20, "\n".join(much)
    page = Browser(many).page("/survey?township=township_hebei&mine=演示群矿")
    assert "500 座" in text_of(page.xpath("//section[@id='mines']/header")[0])
    assert len(page.xpath("//section[@id='mines']//tbody/tr")) == 50
    for odd in ("page=-1", "organ=%27", "mine=%25%25", "state=x", "page=99999", "township=unknown"):
        assert Browser(many).get(f"/survey?{odd}").status_code == 200
