"""待明确事项: a document that lacks a value is not made, and says everything that it lacks at once."""

import pytest

from notifications.documents.compose import OpenValues, compose
from notifications.documents.errors import BadValue
from states.documents import BY_ID, KINDS, DocumentKind
from tests.notifications.documents.case_data import all_text, case_data, composed, data_for


def open_values(kind: DocumentKind, **changes: object) -> OpenValues:
    with pytest.raises(OpenValues) as raised:
        compose(kind, case_data(**changes))
    return raised.value


def test_an_order_without_facts_names_all_that_is_open() -> None:
    error = open_values(BY_ID["rectification_order"], facts={})
    assert [path for path, _ in error.values] == [
        "facts.breach", "facts.legal_basis", "facts.requirements", "facts.rectify_by", "facts.remedy", "facts.contact",
    ]  # fmt: skip
    assert "《责令限期整改通知书》还有 6 项待明确" in str(error)
    for label in ("整改期限", "法律依据（法律名称和条款）", "救济途径（复议、诉讼的机关和期限）", "联系人和电话"):
        assert label in str(error)


def test_a_commitment_letter_without_facts_names_each_promise() -> None:
    error = open_values(BY_ID["upgrade_commitment"], facts={})
    assert [path.removeprefix("facts.") for path, _ in error.values] == [
        "target_scale", "remaining_life", "plan_by", "design_by", "works_by", "acceptance_by",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_filling_in_what_is_named_is_enough(kind: DocumentKind) -> None:
    """All at once: after the first refusal there is no second one."""
    nothing: dict[str, object] = {group: {} for group in ("mine", "case", "issuer", "recipient", "plan", "office")}
    error = open_values(kind, facts={}, **nothing)
    full = data_for(kind.id)
    given: dict[str, dict[str, object]] = {name: {} for name in (*nothing, "facts")}
    for path, label in error.values:
        group, name = path.split(".")[:2]
        assert label != path
        given[group][name] = full[group].get(name, "演示内容")
    compose(kind, given)


@pytest.mark.parametrize("nothing", [None, "", "  ", []])
def test_blank_text_is_as_open_as_no_text(nothing: object) -> None:
    assert open_values(BY_ID["rectification_order"], facts__breach=nothing).values == (
        ("facts.breach", "违法（义务履行不到位）事实"),
    )


def test_the_step_may_name_its_fields_in_its_own_words() -> None:
    with pytest.raises(OpenValues, match=r"整改到哪一天（facts\.rectify_by）"):
        compose(BY_ID["rectification_order"], case_data(facts__rectify_by=None), labels={"rectify_by": "整改到哪一天"})


def test_a_value_inside_a_list_is_named_with_its_place() -> None:
    rows = [{"organ": "演示水务局"}, {"organ": ""}]
    error = open_values(BY_ID["opinion_summary"], facts__opinions=rows)
    assert error.values == (("facts.opinions.2.organ", "各单位意见第2项单位"),)


def test_an_optional_value_leaves_no_trace_when_it_is_missing() -> None:
    full, lean = composed("upgrade_commitment"), composed("upgrade_commitment", facts__approval_number=None)
    assert "批准" in all_text(full)
    assert "经县人民政府" not in all_text(lean)
    assert "None" not in all_text(lean)


def test_what_the_mine_knows_stands_in_for_what_the_case_has_not_recorded() -> None:
    data = case_data(facts__exit_year=None, mine__exit_year=2027)
    assert "关闭退出年度为2027年" in all_text(compose(BY_ID["listing_notice"], data))


@pytest.mark.parametrize("day", ["2026-02-30", "明年", "2026年1月1日"])
def test_a_date_that_is_none_is_refused_in_one_sentence(day: str) -> None:
    with pytest.raises(BadValue, match=f"“{day}”不是日期"):
        composed("rectification_order", facts__rectify_by=day)


@pytest.mark.parametrize("amount", ["很多", "-1", "1e15", "NaN"])
def test_an_amount_that_is_none_is_refused_in_one_sentence(amount: str) -> None:
    with pytest.raises(BadValue, match="不是金额"):
        composed("cost_demand", facts__amount=amount)
