"""A mine is closed: listed, noticed, decided, stopped, closed, deregistered, restored, archived."""

from pathlib import Path

import pytest

from office.running.installation import Office
from tests.story import TOWNSHIP, Story

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
APPROVED = {"approval_number": "演政函〔2026〕5号", "approval_date": "2026-03-10"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示一号砂岩矿", holder="演示一号矿业公司", mineral="砂岩", licence_number="C1405002016117130143399",
        valid_from="2016-11-29", valid_to="2026-06-30",
    )  # fmt: skip


def test_a_closure_runs_from_listing_to_archive(story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")
    story.take(
        case, "issue_closure_notice", "2026-02-02", user="natural_resources", enforcer="natural_resources",
        legal_ground="illegal_works", findings="演示事实", **LAW,
    )  # fmt: skip
    story.take(case, "serve_closure_notice", "2026-02-06", user="natural_resources", served_on="2026-02-05")
    story.take(case, "decide_closure", "2026-03-12", hearing_outcome="未提出", stop_on="2026-04-30", **APPROVED, **LAW)
    story.take(case, "confirm_stop", "2026-04-30", user=TOWNSHIP, stopped_on="2026-04-29", restore_by="2026-12-31")
    story.take(case, "start_closing", "2026-05-11", user=TOWNSHIP, closure_standard="演示关闭标准")
    story.take(case, "accept_closure", "2026-07-01", user=TOWNSHIP, accepted_on="2026-06-30", checklist_passed="是")

    (missing,) = story.refused(case, "confirm_deregistration", "2026-07-02")
    assert "采矿许可证C1405002016117130143399（待办理）" in missing.missing

    (permit,) = story.tracks(case, "permit")
    # The city's code stands in the number: the city alone cancels.
    assert story.file(permit, "2026-07-02")["facts"]["registrar_id"] == "registrar_140500"
    story.take(
        permit, "request_right_cancellation", "2026-07-03", user="natural_resources", registrar_name="演示登记机关",
        requested_on="2026-07-03",
    )  # fmt: skip
    story.take(permit, "record_cancellation", "2026-07-20", user="natural_resources", cancelled_on="2026-07-18")
    story.take(case, "confirm_deregistration", "2026-07-21")

    (restoration,) = story.tracks(case, "restoration")
    story.take(restoration, "approve_plan", "2026-07-22", user="natural_resources")
    story.take(restoration, "start_restoring", "2026-08-03", started_on="2026-08-01")
    story.take(restoration, "report_self_check", "2026-11-02")
    story.take(
        restoration, "convene_acceptance", "2026-11-09", user="natural_resources", experts_present="是",
        village_present="是", villagers_present="是",
    )  # fmt: skip
    story.take(restoration, "accept", "2026-11-10", user="natural_resources", result="合格")
    story.take(restoration, "publish", "2026-11-20", user="natural_resources", published_on="2026-11-11")
    story.take(case, "confirm_restoration", "2026-11-23", user="natural_resources")
    done = story.take(case, "archive", "2026-11-24", patrol_plan="演示镇每季度巡查")

    assert (done.state, done.slots) == ("archived", ())
    assert {d["kind"] for d in story.file(case, "2026-11-24")["documents_on_file"]} == {
        "closure_notice", "closure_request", "closure_decision", "stop_notice", "supply_stop_letter",
        "power_stop_letter", "closure_acceptance_form", "closure_report", "closing_report", "volume_contents",
        "service_receipt",
    }  # fmt: skip
    story.sound()
