"""A document from draft to service through the command line, and every way in which a command is refused."""

from pathlib import Path

import pytest

from tests.cli.program import TODAY, Program, fields
from tests.cli.test_commands import HOSTILE, demand_rectification, issue_order

LETTER = "credit_repair_letter"
BUREAU = ("--as", "natural_resources")
VALUES = {"registrar_name": "演示登记机关", "listed_on": "2026-01-01", "result": "整改到位，同意移出。"}


def series(program: Program, word: str = "演自然资函", organ: str = "natural_resources") -> None:
    program("numbers", "add", word, "--organ", organ, "--source", "演示数据", "--as", "office").done()


def drafted(program: Program, *cases: str, kind: str = LETTER) -> list[str]:
    rows = program("document", "draft", kind, *cases, *BUREAU, "--json").done().json
    return [str(row["id"]) for row in rows]


def filled(program: Program, *cases: str) -> list[str]:
    """Letters that can be issued, one for each case."""
    ids = drafted(program, *cases)
    for document in ids:
        program("document", "fill", document, *fields(**VALUES), *BUREAU).done()
    return ids


def issued(program: Program, case: str = "2-1") -> str:
    series(program)
    (document,) = filled(program, case)
    program("document", "issue", document, *BUREAU).done()
    return document


def rows(program: Program, *more: str) -> list[dict[str, str]]:
    return list(program("document", "list", "--json", *more).done().json)


def kept(program: Program) -> int:
    return len([path for path in (program.home / "files").rglob("*") if path.is_file()])


def serve(document: str, receipt: str, **given: str) -> list[str]:
    values = {"on": TODAY, "way": "直接送达", "by": "演示甲、演示乙", "to": "演示丙", **given}
    options = [part for name, value in values.items() for part in (f"--{name}", value)]
    return ["document", "serve", document, *options, "--receipt", receipt, *BUREAU]


def test_one_letter_for_a_batch_of_mines_says_of_each_what_is_open(program: Program) -> None:
    said = program("document", "draft", LETTER, "2-1", "2-2", "2-4", *BUREAU).done().out
    assert said.count("已起草文书") == 3
    assert said.count("还有 3 项待填") == 3
    assert "listed_on　列入日期" in said
    assert [(row["case"], row["status"]) for row in rows(program)] == [(n, "draft") for n in ("2-1", "2-2", "2-4")]
    asked = program("document", "form", "1", "--json").done().json
    assert [item["name"] for item in asked["open"]] == ["registrar_name", "listed_on", "result"]


def test_a_batch_with_one_wrong_case_drafts_nothing(program: Program) -> None:
    assert "“9-9”" in program.unharmed("document", "draft", LETTER, "2-1", "9-9", *BUREAU, code=1)


def test_what_was_typed_is_shown_and_can_be_taken_back(program: Program) -> None:
    (document,) = drafted(program, "2-1")
    said = program("document", "fill", document, *fields(**VALUES), *BUREAU).done().out
    assert "可以出具" in said
    assert "● result　审核（验收、整改）意见：整改到位，同意移出。" in said
    program("document", "fill", document, "--field", "result=", *BUREAU).done()
    form = program("document", "form", document).done().out
    assert "还有 1 项待填" in form
    assert "○ result" in form


def test_what_the_register_does_not_know_of_a_mine_is_typed_for_the_paper(program: Program) -> None:
    (document,) = drafted(program, "3-1")
    assert "○ mine.holder　采矿权人" in program("document", "form", document).done().out
    said = program("document", "fill", document, "--field", "mine.holder=演示公司", *BUREAU).done().out
    assert "● mine.holder　采矿权人：演示公司" in said
    assert "○ mine.holder" not in said
    sentence = program.unharmed("document", "fill", document, "--field", "issuer.name=演示局", *BUREAU, code=1)
    assert "没有填写项“issuer.name”" in sentence


def test_wording_that_would_be_refused_is_told_on_the_form(program: Program) -> None:
    (document,) = drafted(program, "2-1")
    values = {**VALUES, "result": "整改到位,同意移出。"}
    said = program("document", "fill", document, *fields(**values), *BUREAU).done().out
    assert "不合要求，不能出具" in said
    assert "可以出具" not in said
    assert program("document", "fill", document, *fields(**VALUES), *BUREAU).done().out.count("可以出具") == 1


def test_issuing_numbers_dates_and_keeps_both_files(program: Program) -> None:
    document = issued(program)
    (row,) = rows(program, "--status", "issued")
    assert (row["number"], row["issued_on"], row["status_label"]) == ("演自然资函〔2026〕1号", TODAY, "已出具")
    files = program("document", "files", document, "--json").done().json
    assert [(f["n"], f["role"], Path(f["filename"]).suffix) for f in files] == [
        (1, "issued", ".docx"),
        (2, "issued", ".pdf"),
    ]
    assert kept(program) == 2
    program("audit", "verify").done()


def test_a_batch_issues_what_can_be_issued_and_names_what_cannot(program: Program) -> None:
    series(program)
    filled(program, "2-1", "2-2")
    drafted(program, "2-4")
    said = program("document", "issue", "--all-drafts", "--kind", LETTER, "--on", TODAY, *BUREAU)
    assert said.code == 1
    assert said.out.count("已出具 文书") == 2
    assert "共 3 份：出具 2 份，未出具 1 份。" in said.out
    assert said.out.count("“小标宋”用") <= 1, "stand-ins are told once, not for every document"
    (line,) = said.err.splitlines()
    assert "文书 3" in line
    assert "还有 3 项待明确" in line
    program("document", "fill", "3", *fields(**VALUES), *BUREAU).done()
    assert "演自然资函〔2026〕3号" in program("document", "issue", "3", *BUREAU).done().out


def test_drafts_of_one_case_are_issued_alone(program: Program) -> None:
    series(program)
    filled(program, "2-1", "2-2")
    program("document", "issue", "--all-drafts", "--case", "2-2", *BUREAU).done()
    assert [row["status"] for row in rows(program)] == ["draft", "issued"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["1"], "还有 3 项待明确"),
        (["99"], "没有编号为 99 的文书"),
        (["x"], "文书编号“x”不对"),
        (["9" * 30], "不对"),
        ([], "请给出文书编号"),
        (["1", "--all-drafts"], "两者只能选一种"),
        (["1", "--case", "2-1"], "两者只能选一种"),
        (["--all-drafts", "--case", "2-2"], "没有符合条件的草稿"),
        (["--all-drafts", "--case", "9-9"], "没有编号为“9-9”的案件"),
        (["--all-drafts", "--kind", "F99"], "没有“F99”这种文书"),
        (["1", "--on", "2026-11-31"], "没有这一天"),
        (["1", "--on", "2026-11-24"], "在今天（2026-11-23）之后"),
        (["1", "--on", "2026-11-22"], "不能倒填日期"),
    ],
)
def test_issuing_is_refused_and_loses_no_number(program: Program, arguments: list[str], why: str) -> None:
    series(program)
    drafted(program, "2-1")
    assert why in program.unharmed("document", "issue", *arguments, *BUREAU, code=1)


def test_nobody_issues_for_another_organ_or_without_a_series(program: Program) -> None:
    (document,) = filled(program, "2-1")
    assert "登记代字用 minecase numbers add" in program.unharmed("document", "issue", document, *BUREAU, code=1)
    series(program)
    assert "无权签发" in program.unharmed("document", "issue", document, "--as", "emergency", code=1)
    assert "“nobody”" in program.unharmed("document", "issue", document, "--as", "nobody", code=1)


def test_an_issued_document_is_not_changed_but_may_be_void_with_a_reason(program: Program) -> None:
    document = issued(program)
    for command in (["fill", document, "--field", "result=改"], ["issue", document]):
        assert "已出具，不能再改" in program.unharmed("document", *command, *BUREAU, code=1)
    assert "“作废理由”不能为空" in program.unharmed("document", "void", document, "--reason", " ", *BUREAU, code=1)
    said = program("document", "void", document, "--reason", HOSTILE, *BUREAU).done().out
    assert "演自然资函〔2026〕1号 保留在发文登记中" in said
    assert HOSTILE in program("document", "list", "--status", "void").done().out
    assert "已经作废" in program.unharmed("document", "void", document, "--reason", "再次", *BUREAU, code=1)
    program("audit", "verify").done()


def test_a_service_is_recorded_with_its_proof(program: Program) -> None:
    document = issued(program)
    assert f"已于 {TODAY} 直接送达。" in program(*serve(document, program.scan("receipt.pdf"))).done().out
    (row,) = rows(program)
    assert (row["status"], row["served_on"]) == ("served", TODAY)
    assert [f["role"] for f in program("document", "files", document, "--json").done().json][2:] == ["receipt"]
    assert "已于 2026-11-23 送达，不能作废" in program.unharmed(
        "document", "void", document, "--reason", "错", *BUREAU, code=1
    )


def test_a_service_that_a_step_records_takes_that_step(program: Program) -> None:
    case = demand_rectification(program)
    issue_order(program, case)
    series(program)
    (order,) = [str(row["id"]) for row in rows(program, "--case", case, "--kind", "F27")]
    receipt = program.scan("receipt.pdf")
    assert "还没有出具" in program.unharmed(*serve(order, receipt), code=1)
    program("document", "fill", order, "--field", "holder_address=演示地址", *BUREAU).done()
    program("document", "issue", order, *BUREAU).done()
    assert "同时办理了“送达" in program(*serve(order, receipt, way="leaving")).done().out
    found = program("show", case, "--json").done().json
    assert found["facts"]["service_way"] == "leaving"
    assert found["history"][-1]["trigger"] == "serve_order"
    program("audit", "verify").done()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"on": "2026-11-24"}, "送达日期"),
        ({"on": "2026-11-22"}, "早于成文日期"),
        ({"on": "昨天"}, "“送达日期”填写的“昨天”不对"),
        ({"way": "口头"}, "“送达方式”填写的“口头”不对"),
        ({"by": " "}, "“送达人（两人）”"),
        ({"to": ""}, "“收件人（代收人）”"),
    ],
)
def test_a_service_that_does_not_fit_is_refused_and_keeps_no_file(
    program: Program, given: dict[str, str], why: str
) -> None:
    document, receipt = issued(program), program.scan("receipt.pdf")
    assert why in program.unharmed(*serve(document, receipt, **given), code=1)


@pytest.mark.parametrize("content", [None, b""])
def test_a_service_needs_a_real_proof(program: Program, content: bytes | None, tmp_path: Path) -> None:
    document = issued(program)
    path = tmp_path / "receipt.pdf"
    if content is not None:
        path.write_bytes(content)
    assert "材料文件“receipt.pdf”" in program.unharmed(*serve(document, str(path)), code=1)


def test_a_correction_names_what_it_replaces_and_retires_it(program: Program) -> None:
    document = issued(program)
    program(*serve(document, program.scan("receipt.pdf"))).done()
    again = ["document", "draft", LETTER, *BUREAU, "--replaces", document]
    assert "不属于本案件" in program.unharmed(*again, "2-2", code=1)
    assert "只能用于一个案件" in program.unharmed(*again, "2-1", "2-2", code=1)
    program(*again, "2-1").done()
    program("document", "fill", "2", *fields(**VALUES), *BUREAU).done()
    program("document", "issue", "2", *BUREAU).done()
    old, new = rows(program)
    assert (old["status"], old["void_reason"]) == ("void", "由文书 2（演自然资函〔2026〕2号）更正并代替")
    assert (new["status"], new["replaces"]) == ("issued", 1)


def test_a_joint_paper_is_about_several_cases(program: Program) -> None:
    draft = ["document", "draft", "F06", "--cases", "2-1，2-2", *BUREAU]
    assert "（--issuer）" in program.unharmed(*draft, code=1)
    program(*draft, "--issuer", "阳城县自然资源局").done()
    (row,) = rows(program)
    assert (row["case"], row["mine"], row["issuer"]) == ("2-1、2-2", "", "阳城县自然资源局")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["F99", "2-1"], "没有“F99”这种文书"),
        ([LETTER], "请写明案件编号"),
        ([LETTER, "--cases", "2-1,2-2"], "请写明案件编号"),
        (["ledger", "2-1"], "是全县的文书"),
        (["F06"], "请写明一个案件，或用 --cases"),
        (["F06", "2-1", "--cases", "2-2"], "就不要再写 --cases"),
        (["F06", "--cases", "2-1,9-9", "--issuer", "natural_resources"], "“9-9”"),
        ([LETTER, "2-1", "--issuer", "emergency"], "无权签发"),
        ([LETTER, "2-1", "--issuer", "nobody"], "没有名为“nobody”的单位"),
        ([LETTER, "2-1", "--on", "2026-11-24"], "在今天（2026-11-23）之后"),
        ([LETTER, "2-1", "--replaces", "7"], "被更正的文书（7）"),
        ([LETTER, "2-1", "--replaces", "七"], "文书编号“七”不对"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(program: Program, arguments: list[str], why: str) -> None:
    assert why in program.unharmed("document", "draft", *arguments, *BUREAU, code=1)


def test_filling_needs_something_to_fill(program: Program) -> None:
    (document,) = drafted(program, "2-1")
    for arguments, why in (
        ([], "没有给出填写项"), (["--field", "result"], "应为 名称=值"), (["--field", "bogus=1"], "没有填写项“bogus”"),
        (["--field", "result=\u202e改"], "看不见的控制字符"),
    ):  # fmt: skip
        assert why in program.unharmed("document", "fill", document, *arguments, *BUREAU, code=1)
