"""A broken plan folder is refused in one sentence that says where, what and what to do."""

import re
import shutil
from pathlib import Path

import pytest

from workflow.plan import PlanError, read_plan

YANGCHENG = Path(__file__).resolve().parents[2] / "plans" / "yangcheng"


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the county's folder with one thing changed, in its first place."""
    copy = shutil.copytree(YANGCHENG, folder / "plan")
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "annex2.csv",
            "2015-05-21,2025-05-21",
            "2015-05-21,2025-02-30",
            "第 3 行 valid_to（有效期止）填写的“2025-02-30”",
        ),
        (
            "annex2.csv",
            "2015-05-21,2025-05-21",
            "20150521,2025-05-21",
            "第 3 行 valid_from（有效期起）填写的“20150521”",
        ),
        (
            "annex2.csv",
            "2016-11-29,2026-11-29",
            "2026-11-29,2016-11-29",
            "第 5 行 valid_to（有效期止）…应晚于 2026-11-29",
        ),
        ("annex2.csv", "2026-11-29,guided", "2026-11-28,guided", "与附件所印“2016.11.29-2026.11.29”不一致"),
        ("annex2.csv", "5,2015.5.21", "五,2015.5.21", "第 3 行 scale（生产规模）填写的“五”不对：应为数字"),
        ("annex2.csv", "5,2015.5.21", "0,2015.5.21", "第 3 行 scale（生产规模）填写的“0”不对：应大于 0"),
        ("annex2.csv", "5,2015.5.21", "NaN,2015.5.21", "scale（生产规模）填写的“NaN”"),
        ("annex2.csv", "C1405002015057130138449", "C140500201513713013844", "第 3 行 licence_number（采矿许可证号）"),
        ("annex2.csv", "C1405002015057130138449", "C1405222015057130138449", "没有登记机关 registrar_140522"),
        ("annex2.csv", "C1405002015057130138449", "C1405002011087130116895", "第 3 行 …许可证号与前面的行重复"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,√,√,", "第 3 行 …只须勾一栏，现在勾了 2 栏"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,,,", "第 3 行 …只须勾一栏，现在勾了 0 栏"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,,√,", "第 3 行 exit_mode（关闭退出方式）…与勾选的引导退出不一致"),
        ("annex2.csv", "guided_exit,2026", "guided_exit,2062", "第 5 行 exit_year（关闭退出年度）填写的“2062”"),
        (
            "annex2.csv",
            "guided_exit,2026",
            "guided_exit,2027",
            "第 5 行 exit_year（关闭退出年度）…与附件所印“2026年”不一致",
        ),
        ("annex2.csv", ",guided_exit,", ",upgrade,", "第 5 行 exit_mode（关闭退出方式）填写的“upgrade”"),
        ("annex2.csv", "township_hebei", "township_beijing", "第 2 行 township_id（乡镇）填写的“township_beijing”"),
        ("annex2.csv", "township_hebei,附件2第1行", "township_hebei,\n", "第 2 行 township_source（乡镇依据）没有填写"),
        ("annex2.csv", "崔敏峰", "", "第 5 行 holder（采矿权人）没有填写"),
        ("annex2.csv", "崔敏峰", "崔敏\u202e峰", "第 5 行 holder（采矿权人）填写的“崔敏□峰”"),
        ("annex2.csv", "崔敏峰", "{{ 7*7 }}", "第 5 行 holder（采矿权人）填写的“{{ 7*7 }}”"),
        ("annex2.csv", "崔敏峰", "阳城县财政局", "第 5 行 holder（采矿权人）…与 organs.toml 中的机构同名"),
        ("annex2.csv", "崔敏峰", "崔,敏峰", "第 5 行有 17 格，应有 16 格"),
        ("annex2.csv", "崔敏峰", '"崔敏峰', "第 6 行的引号不成对"),
        ("annex2.csv", "4,阳城县冠聿", "3,阳城县冠聿", "第 5 行 row（序号）填写的“3”不对：行号与前面的行重复"),
        ("annex2.csv", "阳城县冠聿陶瓷粘土矿", "阳城县润泰矿业有限公司", "第 5 行 name（名称）…与前面的行重复"),
        ("annex2.csv", "row,name", "name,row", "annex2.csv 第 1 行表头不对（次序）"),
        ("annex2.csv", "row,name", "row,nmae", "annex2.csv 第 1 行表头不对（name、nmae）"),
        ("annex3.csv", "0.26", "-0.26", "annex3.csv 第 2 行 area（矿区面积）填写的“-0.26”不对：应大于 0"),
        ("annex3.csv", "village_hongshang", "village_nowhere", "第 8 行 village_id（村）填写的“village_nowhere”"),
        ("annex3.csv", "village_hongshang", "township_hebei", "第 8 行 village_id（村）填写的“township_hebei”"),
        ("organs.toml", 'kind = "county"', 'kind = "couny"', "organs.toml 第 1 个 [[organ]] kind（类别）填写的“couny”"),
        ("organs.toml", 'id = "tax"', 'id = "finance"', "第 9 个…id（代号）填写的“finance”不对：代号与前面的机构重复"),
        ("organs.toml", 'id = "tax"', 'id = "taxes"', "organs.toml 缺少机构 tax（县税务局）"),
        ("organs.toml", '"县税务局"', '"县财政局"', "第 9 个…aliases（别称）…“县财政局”已是 finance 的名称"),
        ("organs.toml", 'aliases = ["发改"]', 'aliases = "发改"', "第 10 个…aliases（别称）…应为名称的列表"),
        ("organs.toml", "\ndesk = false", "\ndesk = 0", "desk（设经办岗）填写的“0”不对：应为 true 或 false"),
        ("organs.toml", 'id = "tax"', "id = tax", "organs.toml 第 … 行格式不对"),
        ("plan.toml", "2025-03-20", "2025-02-30", "plan.toml 第 7 行格式不对"),
        ("plan.toml", "2025-03-20", '"昨天"', "plan.toml issued_on（印发日期）填写的“昨天”"),
        ("plan.toml", "2025-04-15", "2025-01-15", "survey_by on（日期）填写的“2025-01-15”不对：应晚于 2025-03-20"),
        ("plan.toml", "四(一)", "四(三)", "survey_by clause（条款）填写的“四(三)”不对：方案没有这一条款"),
        ("plan.toml", "overall_by", "overall_until", "plan.toml…缺少 overall_by"),
        ("plan.toml", "[dates]", "[days]", "plan.toml dates（日期表）没有填写：应有 [dates]"),
        ("open_values.csv", "group_office", "nobody", "第 3 行 asked_of（由谁明确）填写的“nobody”"),
        (
            "open_values.csv",
            "guided_exit",
            "closure",
            "第 4 行 name（名称）填写的“legal_ground”不对：同一事项在同一范围内重复",
        ),
        ("open_values.csv", "annex2", "annex9", "第 2 行 applies_to（适用范围）填写的“annex9”"),
        ("open_values.csv", "五(二)¶8", "五(二)¶9", "第 2 行 clause（条款）填写的“五(二)¶9”"),
        (
            "thresholds.toml",
            'least = "30"',
            'least = "三十"',
            "第 1 个 [[floor]] least（最低）填写的“三十”不对：应为数字",
        ),
        (
            "thresholds.toml",
            'medium = "50"',
            'medium = "500"',
            "第 1 个 [[scale]] large（大型下限）…应大于 medium（500）",
        ),
        (
            "thresholds.toml",
            'status = "confirm"',
            'status = "surely"',
            "第 1 个 [[scale]] status（状态）填写的“surely”",
        ),
        ("thresholds.toml", 'status = "confirm"', 'status = "lookup"', "第 1 个 [[scale]] medium（中型下限）…数字待查"),
        ("thresholds.toml", 'successor = "DZ/T 0400-2022"', "", "第 1 个 [[deposit]] successor（新标准）没有填写"),
        (
            "thresholds.toml",
            'clause = "三(二)3(1)"',
            'clause = "三(二)9"',
            "第 1 个 [[scale]] clause（条款）…方案没有这一条款",
        ),
        (
            "thresholds.toml",
            'minerals = ["铝土"]',
            'minerals = "铝土"',
            "第 1 个 [[floor]] minerals（矿种词）…应为词的列表",
        ),
        (
            "thresholds.toml",
            'label = "白云岩"',
            'label = "石灰岩"',
            "[[scale]] label（名称）填写的“石灰岩”不对：与前面的行重复",
        ),
        ("thresholds.toml", "[life]", "[lives]", "thresholds.toml 中的 [lives] 不认识"),
        ("plan.toml", "licence_cutoff", "licence_until", "plan.toml…缺少 licence_cutoff"),
        ("clauses.csv", "\n一,", "\n文首,", "clauses.csv 第 3 行 id（代号）填写的“文首”不对：条款与前面的行重复"),
        ("clauses.csv", "\n一,", "\n一,x", "clauses.csv 第 3 行 fingerprint（指纹）"),
    ],
)
def test_what_is_broken_is_named_by_file_row_column_and_value(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(changed(tmp_path, file, old, new))
    message = str(refused.value)
    assert re.search(".*".join(re.escape(part) for part in sentence.split("…")), message), message
    assert message.startswith(file)
    assert message.endswith("。")
    assert message.count("。") == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    (folder / "annex3.csv").unlink()
    with pytest.raises(PlanError, match=r"读不到方案数据文件 annex3\.csv"):
        read_plan(folder)


@pytest.mark.parametrize("raw", ["矿".encode("gb18030"), b"row\0"])
def test_a_file_that_is_no_utf_8_text_is_named(tmp_path: Path, raw: bytes) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    (folder / "annex2.csv").write_bytes(raw)
    with pytest.raises(PlanError, match=r"^annex2\.csv (不是 UTF-8|含有非文字)"):
        read_plan(folder)


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    text = (folder / "annex2.csv").read_text("utf-8")
    (folder / "annex2.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_plan(folder) == read_plan(YANGCHENG)
