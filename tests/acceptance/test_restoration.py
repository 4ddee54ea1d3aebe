"""A holder refuses to restore: demand, substitute performance by a third party, costs recovered through court."""

from datetime import date
from pathlib import Path

import pytest

from office.running.installation import Office
from tests.story import Story

LAW = {"legal_basis": "演示法第四条", "remedy": "演示救济途径"}
SUBSTITUTE = {
    "third_party": "演示治理公司", "substitute_content": "边坡治理和复绿", "substitute_from": "2026-11-02",
    "substitute_cost": "800000", "holder_address": "演示镇演示村", **LAW,
}  # fmt: skip


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register("演示七号砂岩矿", holder="演示七号矿业公司", mineral="砂岩")


@pytest.fixture
def refused(story: Story) -> str:
    """A restoration whose holder has been found to refuse."""
    case = story.open("restoration", "2026-03-02", restore_by="2026-08-31")
    finding = {"enforcer": "natural_resources", "findings": "未开工", "legal_basis": "演示法第四条"}

    (early,) = story.refused(case, "find_refusal", "2026-08-31", user="natural_resources", **finding)
    assert early.missing == "“修复治理期限”2026-08-31 尚未届满"
    (powerless,) = story.refused(case, "find_refusal", "2026-09-01", **finding)
    assert "没有执法主体资格" in powerless.missing
    story.take(case, "find_refusal", "2026-09-01", user="natural_resources", **finding)
    return case


@pytest.fixture
def urged(story: Story, refused: str) -> str:
    """The same, with a demand served before the autumn holidays."""
    demand = {"user": "natural_resources", "requirements": "按方案修复", **LAW}
    (hurried,) = story.refused(refused, "issue_demand", "2026-09-21", demand_days="2", **demand)
    assert hurried.missing == "“催告的履行期限”为 2个工作日，低于 3个工作日"
    assert hurried.clause == "行政强制法第五十一条"
    story.take(refused, "issue_demand", "2026-09-21", demand_days="3", **demand)
    # The first week of October does not count.
    story.take(refused, "serve_demand", "2026-09-29", user="natural_resources", served_on="2026-09-29")
    return refused


def test_nothing_is_done_in_the_holders_place_before_the_demand_has_run_out(story: Story, urged: str) -> None:
    assert story.dues(urged) == {"decide_substitute": date(2026, 10, 9)}

    (early,) = story.refused(urged, "decide_substitute", "2026-10-09", user="natural_resources", **SUBSTITUTE)

    assert early.missing == "“催告的履行期限”2026-10-09 尚未届满"
    story.sound()


def test_a_holder_who_complies_after_all_restores_on_a_new_term(story: Story, urged: str) -> None:
    story.take(urged, "comply", "2026-10-09", user="natural_resources", reason="已进场施工", restore_by="2026-12-31")

    assert (story.state(urged), story.dues(urged)) == ("restoring", {"report_self_check": date(2026, 12, 31)})
    story.sound()


def test_a_third_party_restores_and_the_court_recovers_the_costs(story: Story, urged: str) -> None:
    story.take(urged, "decide_substitute", "2026-10-12", user="natural_resources", **SUBSTITUTE)
    story.take(urged, "start_substitute", "2026-11-02", user="natural_resources", decision_served_on="2026-10-13")
    (unwatched,) = story.refused(
        urged, "finish_substitute", "2027-03-29", user="natural_resources", without="site_signatures", result="合格",
        final_cost="760000",
    )  # fmt: skip
    assert unwatched.missing == "缺少材料“代履行现场监督签字记录”"
    story.take(urged, "finish_substitute", "2027-03-29", user="natural_resources", result="合格", final_cost="760000")
    story.take(
        urged, "demand_cost", "2027-04-06", user="natural_resources", amount="760000", pay_by="2027-05-31", **LAW
    )
    assert story.dues(urged) == {"confirm_payment": date(2027, 5, 31)}

    (early,) = story.refused(urged, "apply_to_court", "2027-05-31", user="natural_resources", reason="未缴纳")
    assert early.missing == "“缴纳期限”2027-05-31 尚未届满"
    story.take(urged, "apply_to_court", "2027-06-01", user="natural_resources", reason="未缴纳")
    done = story.take(urged, "confirm_payment", "2027-10-11", user="natural_resources")

    assert (done.state, done.slots) == ("recovered", ())
    assert set(story.papers(urged, "2027-10-11")) == {
        "reinspection_opinion", "demand_notice", "substitute_decision", "cost_demand",
        "service_receipt",
    }  # fmt: skip
    story.sound()
