"""Every step that drafts a document is taken in some story, and each story ends with its drafts written: `Story.sound`."""

from pathlib import Path

import pytest

from office.running.installation import Office
from states.registry import PROCEDURES
from tests.story import TOWNSHIP, Story

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
SURVEY = {
    "survey_permits": "齐全", "survey_operation": "正常", "survey_facilities": "半机械化", "survey_penalties": "无",
}  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示十三号砂岩矿", holder="演示十三号矿业公司", mineral="砂岩", valid_to="2025-12-31"
    )


@pytest.mark.parametrize(
    ("route", "asked"), [("closure", {"exit_year": "2026"}), ("guided_exit", {"exit_year": "2026"})]
)
def test_a_list_is_asked_for_announced_and_told_to_the_holder(story: Story, route: str, asked: dict[str, str]) -> None:
    case = story.open("intake", "2026-01-05")
    story.take(case, "start_survey", "2026-01-06")
    story.take(case, "finish_survey", "2026-01-16", user="natural_resources", **SURVEY)
    story.take(case, "propose_route", "2026-01-19", user="working_group", proposed_route=route, reason="演示理由")
    story.take(case, "submit_list", "2026-01-20", user="working_group")
    trigger = {"closure": "approve_closure", "guided_exit": "approve_guided_exit"}[route]
    story.take(
        case, trigger, "2026-02-06", user="county_government", approval_number="演政函〔2026〕3号",
        approval_date="2026-02-05", **asked,
    )  # fmt: skip
    assert set(story.papers(case, "2026-02-06")) == {"list_request", "list_announcement", "listing_notice"}
    story.sound()


@pytest.mark.parametrize("route", ["closure", "guided_exit"])
def test_what_fails_its_acceptance_gets_another_form(story: Story, route: str) -> None:
    case = story.open(route, "2026-01-05", exit_year="2026")
    if route == "closure":
        story.take(case, "record_expiry", "2026-01-12", user="natural_resources", stop_on="2026-03-31", **LAW)
        term = {"restore_by": "2026-12-31"}
    else:
        story.fill(case, "valid_to", "2027-12-31", "2026-01-06")
        story.take(case, "open_talks", "2026-01-12", user=TOWNSHIP, talked_on="2026-01-10")
        story.take(
            case, "fix_dates", "2026-02-02", user="working_group", stop_on="2026-03-31", restore_by="2026-12-31", **LAW
        )
        (money,) = story.tracks(case, "compensation")
        story.take(
            money, "decide_none", "2026-02-10", user="county_government", reason="演示理由",
            approval_number="演政函〔2026〕4号", approval_date="2026-02-09",
        )  # fmt: skip
        story.take(case, "settle_compensation", "2026-02-11", user="working_group")
        term = {}
    story.take(case, "confirm_stop", "2026-03-31", user=TOWNSHIP, stopped_on="2026-03-30", **term)
    story.take(case, "start_closing", "2026-04-10", user=TOWNSHIP, closure_standard="演示关闭标准")
    story.take(case, "fail_acceptance", "2026-05-11", user=TOWNSHIP, findings="井口封堵不严")
    assert set(story.papers(case, "2026-05-11")) >= {"closure_acceptance_form", "stop_notice", "power_stop_letter"}
    story.sound()


def test_a_business_licence_is_cancelled_by_its_own_registrar(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    story.fill(case, "business_licence_number", "91140522MA0000000K", "2026-01-06")
    story.take(case, "record_expiry", "2026-01-12", user="natural_resources", stop_on="2026-03-31", **LAW)
    story.take(case, "confirm_stop", "2026-03-31", user=TOWNSHIP, stopped_on="2026-03-30", restore_by="2026-12-31")
    story.take(case, "start_closing", "2026-04-10", user=TOWNSHIP, closure_standard="演示关闭标准")
    story.take(case, "accept_closure", "2026-05-11", user=TOWNSHIP, accepted_on="2026-05-10", checklist_passed="是")
    (permit,) = story.tracks(case, "permit")
    story.take(
        permit, "request_business_cancellation", "2026-05-12", user="natural_resources", registrar_name="演示登记机关",
        requested_on="2026-05-12",
    )  # fmt: skip
    assert set(story.papers(permit, "2026-05-12")) == {"business_licence_notice"}
    story.sound()


def test_no_step_that_drafts_a_document_is_missing_from_the_stories() -> None:
    told = "\n".join(page.read_text(encoding="utf-8") for page in Path(__file__).parent.glob("test_*.py"))
    drafting = {
        f"{procedure.id}: {step.trigger}"
        for procedure in PROCEDURES.values() for step in procedure.steps if step.emits
    }  # fmt: skip
    assert {name for name in drafting if f'"{name.split(": ")[1]}"' not in told} == set()
