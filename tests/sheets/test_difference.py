"""A sheet against what is stored: what changes, what is asked about, and what only a step may change."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from office.access.people import person_of
from office.running.installation import Office
from office.sheets.comparison import Comparison
from office.sheets.difference import compare
from office.sheets.reading import SheetCells, read_workbook
from office.sheets.survey_sheet import survey_ledger
from tests.sheets.corpus import corpus
from tests.sheets.tables import annex2, annex3, survey
from tests.sheets.workbooks import edited
from tests.story import Story
from tests.web.statements import statements
from tests.workflow.dump import everything
from workflow.context import context_of
from workflow.errors import BadInput
from workflow.models import Mine

DAY = date(2026, 11, 23)
#: As in the county's plan.
SHANREN = "阳城县山仁行砂岩矿"
LICENCE = "C1405002011087130116895"


def ledger(office: Office) -> bytes:
    with office.reading() as session:
        return survey_ledger(session, person_of(session, "office"), context_of(session), DAY)


def looked(office: Office, sheets: Sequence[SheetCells], **given: Any) -> Comparison:
    with office.reading() as session:
        return compare(session, sheets, today=DAY, **given)


def reasons(found: Comparison) -> dict[tuple[int, str], str]:
    return {(problem.row, problem.column): problem.reason for problem in found.problems}


def stored(session: Session, code: str) -> Mine:
    return session.exec(select(Mine).where(Mine.code == code)).one()


def test_an_export_that_nobody_touched_changes_nothing(office: Office) -> None:
    before = everything(office.engine)
    data = ledger(office)
    with office.reading() as session, statements(office.engine) as sent:
        found = compare(session, read_workbook(data, "a.xlsx"), today=DAY)
    assert (found.rows, found.problems, found.counts["same"], found.counts["left_out"]) == ((), (), 13, 0)
    assert found.changes_nothing
    assert len(sent) <= 12
    assert everything(office.engine) == before


def test_a_ledger_is_compared_cell_by_cell_in_words(office: Office) -> None:
    found = looked(office, survey(
        [1, SHANREN, "阳城县河北镇北梁村民委员会", LICENCE, "砂岩", "河北镇", "12万吨/年", "2025.1.2", "否", "３．５０"],
        [2, "演示新矿", "演示新公司", "C1405002020017130999999", "砂岩", "河北镇", 30, date(2030, 1, 1), "是", 8],
        [3, "演示又一矿", "演示又一公司", None, "砂岩", None, None, date(2020, 1, 1)],
    ))  # fmt: skip

    changed, new, expired = found.rows
    assert (found.problems, changed.kind, changed.mine_code, changed.row) == ((), "changed", "2-1", 3)
    assert [(cell.label, cell.old, cell.new) for cell in changed.cells] == [
        ("生产规模", "10", "12"), ("正在开采", "", "否"), ("剩余可采资源服务年限", "", "3.5"),
    ]  # fmt: skip
    assert (new.kind, new.mine_code, new.mine_name, new.row, new.notes) == ("new", "", "演示新矿", 4, ())
    assert {cell.label: cell.new for cell in new.cells}["所在乡(镇)"] == "河北镇"
    assert "已经过期" in expired.notes[0]
    assert found.counts["values"] == 3
    assert looked(office, survey([1, SHANREN, None, LICENCE])).fingerprint != found.fingerprint


def test_a_mine_without_a_case_is_named_before_anybody_confirms(office: Office, tmp_path: Path) -> None:
    Story(office, tmp_path).register("演示无案件矿", holder="演示公司", licence_number="C1405002020017130999998")

    found = looked(office, survey(
        [1, "演示无案件矿", "演示公司", "C1405002020017130999998", "砂岩", None, None, None, "否"],
        [2, SHANREN, "阳城县河北镇北梁村民委员会", LICENCE, "砂岩", "河北镇", "12万吨/年"],
    ))  # fmt: skip

    (problem,) = found.problems
    assert (problem.row, problem.head) == (3, "矿山名称")
    assert problem.reason.endswith("名下没有案件，无处记载：请先立案")


def test_what_only_a_step_changes_is_refused_naming_the_step(office: Office) -> None:
    data = edited(ledger(office), {
        (SHANREN, "当前环节"): "销号", (SHANREN, "办理程序"): "升级改造", (SHANREN, "办理期限"): "2030-01-01",
        (SHANREN, "案件编号"): "9-9", (SHANREN, "采矿权人"): "演示公司", (SHANREN, "开采矿种"): "石灰岩",
        (SHANREN, "矿山编号"): "2-2", ("阳城县冠聿陶瓷粘土矿", "采矿许可证号"): "C1405002016117130143360",
    })  # fmt: skip
    found = reasons(looked(office, read_workbook(data, "a.xlsx")))
    said = "；".join(found.values())
    assert len(found) == 8
    for step in (
        "下一步请办理“", "“重新报批转为升级改造”", "“调整期限”", "案件编号由系统编定", "“登记变更结果”", "“申请变更”",
        "矿山编号由系统编定",
    ):  # fmt: skip
        assert step in said, step


def test_rows_that_cannot_be_told_or_taken_are_problems_by_cell(office: Office) -> None:
    found = looked(office, survey(
        [1, SHANREN, "阳城县河北镇北梁村民委员会", LICENCE],
        [2, SHANREN, "阳城县河北镇北梁村民委员会", None, None, None, 11],
        [3, "演示甲矿", "甲公司", "C140500"],
        [4, "演示乙矿", "乙公司", None, None, "没有的镇", "很多", "2025.2.30", "也许"],
        [5, "演示乙矿", "乙公司"],
        [6, None, "丙公司"],
        [7],
    ))  # fmt: skip
    problems = reasons(found)
    assert "与第 3 行是同一座矿山" in problems[4, "B"]
    assert "现在是 7 位" in problems[5, "D"]
    assert "没有登记过" in problems[6, "F"]
    assert {(6, "G"), (6, "H"), (6, "I")} <= problems.keys()
    assert "与第 6 行重复" in problems[7, "B"]
    assert "没有矿山名称" in problems[8, "B"]
    assert found.counts["left_out"] == 1
    assert found.moves == ()


def test_near_mines_are_asked_about_with_what_they_would_get(office: Office) -> None:
    found = looked(office, survey(
        [1, SHANREN, "演示别人", None, None, None, 12],
        [2, "演示丁矿", "丁公司", LICENCE[:-1] + "6", None, None, 12],
        [3, "阳城县山人行砂岩矿", "演示丁", None, "石灰岩"],
    ))  # fmt: skip
    assert found.problems == ()
    assert [(row.kind, [near.code for near in row.near]) for row in found.rows] == [("new", ["2-1"])] * 3
    same_name, digit, alike = (row.near[0] for row in found.rows)
    assert "采矿权人不同" in same_name.why
    assert [(cell.label, cell.new) for cell in same_name.cells] == [("生产规模", "12")]
    assert "只差一位" in digit.why
    assert "名称相近" in alike.why
    assert alike.refused
    assert len(found.undecided) == 3


def test_the_lists_agree_with_the_cases_or_say_which_step_decides(office: Office) -> None:
    holder = "阳城县河北镇北梁村民委员会"
    row = [1, SHANREN, holder, LICENCE, "砂岩", 10, "2024.12.1-2025.1.2", "√", None, "2025年"]
    assert looked(office, annex2(row)).changes_nothing

    wrong = [
        [*row[:7], "√", "√", "2025年"],
        [2, "演示戊矿", "戊公司", None, "砂岩", 5, "2024.1.1-2028.1.1", None, None, None],
    ]
    assert ["两栏都勾了" in reasons(looked(office, annex2(wrong[0])))[4, "H"],
            "两栏都没有勾" in reasons(looked(office, annex2(wrong[1])))[4, "H"]] == [True, True]  # fmt: skip
    moved = reasons(looked(office, annex2([*row[:7], None, "√", "2027年"])))
    assert "不能用表格改" in moved[4, "I"]
    assert "“批准列入关闭取缔名录”" in moved[4, "J"]

    new = looked(
        office, annex2([2, "演示戊矿", "戊公司", None, "砂岩", 5, "2024.1.1-2028.1.1", None, "v", "2028年"])
    ).rows[0]
    assert new.values["listed_way"] == "guided_exit"
    assert "导入不改变环节" in new.notes[0]
    assert "“批准列入引导退出名录”" in new.notes[0]

    block = [1, "东冶镇郎庄村石灰岩矿", "石灰岩", 0.26, 2000, "阳城县东冶镇郎庄村", "2025年"]
    assert looked(office, annex3(block)).changes_nothing
    assert "“调整出让年度（待批）”" in reasons(looked(office, annex3([*block[:6], "2029年"])))[3, "G"]
    assert "拟出让年度" in reasons(looked(office, annex3([2, "演示区块", "石灰岩", 0.2, 100, "演示", None])))[3, "G"]


def test_running_deadlines_that_would_move_are_told_beforehand(office: Office) -> None:
    found = looked(
        office, survey([1, "阳城县冠聿陶瓷粘土矿", "崔敏峰", "C1405002016117130143369", None, None, None, "2026.6.30"])
    )
    assert [(move.mine, move.new) for move in found.moves or ()] != []
    assert {move.new for move in found.moves or ()} == {"2026-06-30"}


@pytest.mark.parametrize("file", [one for one in corpus() if one.expected == "read"], ids=lambda file: file.id)
def test_every_odd_file_that_can_be_read_gets_problems_or_a_sentence(file: Any, plan_office: Office) -> None:
    sheets = read_workbook(file.data, file.filename)
    with plan_office.reading() as session:
        try:
            found = compare(session, sheets, today=DAY)
        except BadInput as error:
            assert str(error).endswith(("。", "）"))
        else:
            assert found.problems or found.rows or found.notes or found.counts["same"]
            assert all(problem.reason and problem.row for problem in found.problems)
