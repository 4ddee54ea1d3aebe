"""What is asked, of whom, and what surveyed values say in sentences; what nobody knows is named and never guessed."""

from datetime import date

import pytest

from states import parties as p
from states.intake import INTAKE
from states.rules import propose
from states.survey import ASKED, BLOCKS, ITEMS, gaps, owed
from states.survey_words import block_words, drafted, summary, tallies
from tests.states.samples import YARDSTICKS

AS_OF = date(2026, 11, 23)
PERMITS, OPERATION, FACILITIES, PENALTIES = BLOCKS


def test_every_value_has_one_home_and_an_organ_that_helps_with_the_survey() -> None:
    assert len(ITEMS) == sum(len(block.items) for block in BLOCKS)
    finish = INTAKE.step("finish_survey")
    assert finish is not None
    assert set(ASKED) <= {finish.lead, *finish.cooperating}
    # Its four texts are those that the blocks are drafted into.
    assert [f.name for f in finish.fields if f.required] == list(drafted({}))
    for item in ITEMS.values():
        assert item.only_if is None or item.only_if[1] in (ITEMS[item.only_if[0]].field.choices or {})


@pytest.mark.parametrize(
    ("values", "asked", "spared"),
    [
        ({}, (), ("idle_months", "build_by", "illegal_works_rectified")),
        ({"is_mining": "no"}, ("idle_months",), ("is_mining",)),
        ({"is_mining": "yes", "idle_months": ""}, (), ("idle_months",)),
        ({"under_construction": "yes"}, ("build_by",), ()),
        ({"illegal_works": "yes", "safe_conditions": "no"}, ("illegal_works_rectified", "unsafe_after_suspension"), ()),
    ],
)
def test_what_does_not_concern_a_mine_is_not_asked(
    values: dict[str, object], asked: tuple[str, ...], spared: tuple[str, ...]
) -> None:
    names = {item.name for item in gaps(values)}
    assert names >= set(asked)
    assert not names & set(spared)


def test_who_owes_nothing_is_left_out() -> None:
    known = {name: "无" for name, item in ITEMS.items() if item.asked_of is not p.TAX}
    assert owed(known) == {p.TAX: (ITEMS["dues_paid"],)}


def test_a_block_says_what_is_known_and_then_what_is_not() -> None:
    values = {"is_mining": "no", "idle_months": "14", "production_status": "停产", "scale": "30"}
    assert block_words(OPERATION, values) == (
        "生产经营状况：停产；正在开采：否；已停工停产停建月数：14个月；生产规模：30万吨/年。"
        "尚未查清：矿产用途、开采方式、剩余可采资源服务年限、资源已经枯竭、出让收益和使用费已按期缴纳。"
    )
    assert block_words(PERMITS, {"valid_to": "2026-11-29"}).startswith(
        "采矿许可证有效期至：2026年11月29日。尚未查清：采矿许可证号、"
    )
    told = {"penalty_ecology": "罚款2万元，已整改。", "illegal_works": False}
    assert "生态环境部门处罚及整改进度：罚款2万元，已整改；存在违法违规开采建设：否。" in block_words(PENALTIES, told)


MINES = (
    {"valid_to": "2026-11-23", "mechanised": "yes", "facility_investment": "120.5", "licence_number": "C1"},
    {
        "valid_to": "2026-11-22",
        "mechanised": "no",
        "is_mining": "no",
        "licence_number": "无",
        "production_status": "停产待查",
    },
    {"illegal_works": "yes", "facility_investment": "不详"},
)


def test_values_are_counted_over_the_mines_that_they_concern() -> None:
    found = {tally.label: (dict(tally.parts), tally.unknown) for tally in tallies(MINES, AS_OF)}
    # The last day still counts.
    assert found["采矿许可证有效期至"] == ({"有效": 1, "已到期": 1}, 1)
    assert found["采矿许可证号"] == ({"已登记": 1, "没有": 1}, 1)
    assert found["已实现机械化"] == ({"是": 1, "否": 1}, 1)
    assert found["已停工停产停建月数"] == ({}, 1)
    assert found["违法违规开采建设已整改到位"] == ({}, 1)
    assert found["生产经营状况"] == ({"停产待查": 1}, 2)
    assert len(found) == len(ITEMS)


def test_the_report_names_its_gaps() -> None:
    said = summary(MINES, AS_OF)
    assert said["permits"].startswith("采矿许可证：有效1座，已到期1座，尚未查清1座。安全生产许可证：尚未查清3座。")
    assert said["facilities"].startswith("设施投入：已查清的1座合计120.5万元，尚未查清2座。")
    assert "违法违规开采建设已整改到位：尚未查清1座。" in said["penalties"]
    assert "自然资源0座（尚未查清3座）" in said["penalties"]
    assert summary((), AS_OF)["facilities"].startswith("设施投入：各矿均尚未查清。已实现机械化：没有涉及的矿山。")


def test_a_complete_survey_leaves_no_criterion_waiting_for_it() -> None:
    """A survey that is complete settles every criterion but those that rest on somebody's decision."""
    values: dict[str, object] = dict.fromkeys(ITEMS, "no") | {
        "valid_to": "2030-01-01", "safety_permit_valid_to": "2030-01-01", "scale": "30", "remaining_life": "12",
        "licence_number": "C1", "safety_permit_number": "1", "mining_method": "露天", "mineral_use": "建筑石料",
        "mineral": "石灰岩", "idle_months": "0", "kind": "mine", "as_of": AS_OF,
    }  # fmt: skip
    surveyed = set(ITEMS)
    for result in propose(values, YARDSTICKS):
        assert not surveyed & set(result.needs), (result.rule, result.needs)
