"""代字 and the register of numbers through the command line."""

import pytest

from tests.cli.program import Program
from tests.cli.test_document_life import BUREAU, drafted, filled, series

ADD = ["numbers", "add", "演自然资罚", "--organ", "县自然资源局", "--source", "演示文件", "--as", "office"]


def test_a_series_counts_on_from_the_paper_register(program: Program) -> None:
    said = program(*ADD, "--kinds", "F27,F33", "--last", "17").done().out
    assert "2026年自 18 号起编" in said
    (row,) = program("numbers", "list", "--json").done().json
    assert (row["word"], row["kinds"], row["last"]) == (
        "演自然资罚",
        ["rectification_order", "credit_repair_letter"],
        {"2026": 17},
    )
    listed = program("numbers", "list").done().out
    assert "责令限期整改通知书、关于提请移出异常名录的函　2026年 17 号" in listed
    (document,) = filled(program, "2-1")
    assert "演自然资罚〔2026〕18号" in program("document", "issue", document, *BUREAU).done().out


def test_the_register_names_every_number_with_its_document(program: Program) -> None:
    assert "共 0 个文号" in program("numbers", "register").done().out
    series(program)
    for document in filled(program, "2-1", "2-2"):
        program("document", "issue", document, *BUREAU).done()
    program("document", "void", "1", "--reason", "当事人写错", *BUREAU).done()
    out = program("numbers", "register", "演自然资函", "--year", "2026").done().out
    assert "演自然资函〔2026〕1号　《关于提请移出异常名录的函》　2-1 阳城县山仁行砂岩矿" in out
    assert "（作废：当事人写错）" in out
    assert "共 2 个文号，连续无缺号。" in out
    rows = program("numbers", "register", "--json").done().json
    assert [(r["n"], r["case"], r["given_by"], r["void_reason"]) for r in rows] == [
        (1, "2-1", "natural_resources", "当事人写错"), (2, "2-2", "natural_resources", ""),
    ]  # fmt: skip
    assert program("numbers", "register", "--year", "2025", "--json").done().json == []


def test_a_number_taken_away_past_the_program_is_found(program: Program) -> None:
    series(program)
    for document in filled(program, "2-1", "2-2", "2-4"):
        program("document", "issue", document, *BUREAU).done()
    program.execute("DELETE FROM document_number WHERE n = 2")
    said = program("numbers", "register")
    assert said.code == 5
    assert "“演自然资函”2026年的 2 号与登记对不上" in said.err
    assert "连续无缺号" not in said.out


def test_a_kind_with_its_own_series_leaves_the_general_one(program: Program) -> None:
    series(program)
    program(*ADD, "--kinds", "credit_repair_letter").done()
    (document,) = filled(program, "2-1")
    assert "演自然资罚〔2026〕1号" in program("document", "issue", document, *BUREAU).done().out


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--kinds", "F99"], "没有“F99”这种文书"),
        (["--kinds", "F21"], "不编文号"),
        (["--kinds", "F10"], "无权签发《关闭决定书》"),
        (["--last", "十七"], "“已用号数”填写的“十七”不对"),
        (["--last", "-1"], "“已用号数”填写的“-1”不对"),
        (["--last", "9" * 40], "不对"),
        (["--last", "3", "--year", "今年"], "“年份”填写的“今年”不对"),
        (["--last", "3", "--year", "1999"], "起始年份 1999"),
        (["--last", "3", "--year", "2027"], "年份 2027 还没有到"),
        (["--year", "2026"], "请用 --last 写明"),
        (["--organ", "nobody"], "没有名为“nobody”的单位"),
        (["--source", ""], "“来源”不能为空"),
        (["--as", "nobody"], "没有名为“nobody”的账号"),
    ],
)
def test_a_series_that_cannot_be_is_refused(program: Program, more: list[str], why: str) -> None:
    assert why in program.unharmed(*ADD, *more, code=1)


@pytest.mark.parametrize("word", ["演2号", "演自然资函", "", "演"])
def test_a_word_that_is_malformed_or_taken_is_refused(program: Program, word: str) -> None:
    series(program)
    assert "代字" in program.unharmed("numbers", "add", word, *ADD[3:], "--kinds", "F27", code=1)


def test_the_register_of_an_unknown_series_is_refused(program: Program) -> None:
    assert "没有登记过代字" in program.unharmed("numbers", "register", "演不存在", code=1)
    assert "“年份”填写的“二〇二六”不对" in program.unharmed("numbers", "register", "--year", "二〇二六", code=1)


def test_a_void_draft_takes_no_number(program: Program) -> None:
    series(program)
    (document,) = drafted(program, "2-1")
    program("document", "void", document, "--reason", "不用了", *BUREAU).done()
    assert "已作废，不能再改" in program.unharmed("document", "issue", document, *BUREAU, code=1)
    assert program("numbers", "register", "--json").done().json == []
