"""Documents as files through the command line: rendered, kept, handed out, recognised, drawn on a county's own form."""

import hashlib
import io
from pathlib import Path

import docx
import pypdf
import pytest

from tests.cli.program import TODAY, Program, fields
from tests.cli.test_commands import HOSTILE, demand_rectification, issue_order
from tests.cli.test_document_life import BUREAU, LETTER, VALUES, drafted, filled, issued, series

PROMISES = {"plan_by": "2027-01-31", "design_by": "2027-06-30", "works_by": "2028-03-31", "acceptance_by": "2028-06-30"}


def words(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def printed(path: Path) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.fixture
def upgrade(program: Program) -> str:
    """An upgrade with its commitment letter drafted; answers the case's number."""
    program("organ", "add", "township_demo", "演示县演示镇人民政府", "--kind", "township").done()
    opened = program(
        "open", "upgrade", "演示二号石灰岩矿", "--as", "office", "--demo", "--json",
        *fields(holder="演示二号矿业公司", mineral="石灰岩", scale="10", township="township_demo",
                licence_number="C1405002016117130143398", valid_from="2016-11-29", valid_to="2030-11-29"),
    )  # fmt: skip
    case = str(opened.done().json["case"])
    program("advance", case, "prepare_commitment", "--as", "natural_resources",
            *fields(target_scale="30", remaining_life="12", **PROMISES)).done()  # fmt: skip
    return case


def test_a_commitment_letter_carries_the_holders_promises(program: Program, upgrade: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.docx"
    before = program.dump()
    said = program("document", "render", "upgrade_commitment", upgrade, "--out", str(out)).done().out
    assert "升级改造承诺书" in said
    assert str(out) in said
    text = words(out)
    assert "演示二号矿业公司" in text
    assert "2027年1月31日" in text
    assert program.dump() == before, "rendering reads only"


def test_a_rectification_order_carries_its_grounds_and_hostile_text_literally(program: Program, tmp_path: Path) -> None:
    literal = "[/red] </w:t> #let x = 1 $ =?utf-8?q?x?="
    case = demand_rectification(program)
    issue_order(program, case, requirements=literal)
    for kind in ("rectification_order", "责令限期整改通知书"):
        out = tmp_path / f"{kind}.docx"
        program("document", "render", kind, case, "--out", str(out), "--on", "2026-11-23").done()
        text = words(out)
        assert literal in text
        assert "演示法第一条" in text
        assert "2026年12月31日" in text


def test_text_that_looks_like_a_placeholder_is_not_printed(program: Program, tmp_path: Path) -> None:
    case = demand_rectification(program)
    issue_order(program, case, requirements=HOSTILE)
    out = tmp_path / "order.pdf"
    sentence = program.unharmed("document", "render", "F27", case, "--out", str(out), "--on", TODAY, code=1)
    assert "中还有没填的内容" in sentence
    assert not out.exists()


def test_a_document_of_a_step_that_was_not_taken_names_what_is_missing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "order.docx"
    sentence = program.unharmed("document", "render", "rectification_order", "2-1", "--out", str(out), code=1)
    assert "整改" in sentence
    assert not out.exists()


def test_an_existing_file_is_replaced_whole(program: Program, upgrade: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.docx"
    out.write_bytes(b"old")
    program("document", "render", "upgrade_commitment", upgrade, "--out", str(out)).done()
    assert out.read_bytes()[:2] == b"PK"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["letter.docx"]


def test_the_kinds_say_who_may_issue_and_for_what(program: Program) -> None:
    found = {kind["code"]: kind for kind in program("document", "kinds", "--json").done().json}
    assert found["F10"]["issuers"] == ["县人民政府"]
    assert (found["F02"]["scope"], found["F06"]["scope"], found["F27"]["form"]) == ("office", "either", "法律文书")
    assert "F27  rectification_order" in program("document", "kinds").done().out


def test_the_list_can_be_narrowed(program: Program) -> None:
    drafted(program, "2-1", "2-2")
    assert [row["id"] for row in program("document", "list", "--case", "2-2", "--json").done().json] == [2]
    assert "共 0 份。" in program("document", "list", "--status", "issued").done().out
    assert (
        "《关于提请移出异常名录的函》2-1 阳城县山仁行砂岩矿　阳城县自然资源局　草稿"
        in program("document", "list").done().out
    )
    for arguments, why in (
        (["--case", "9-9"], "“9-9”"),
        (["--status", "lost"], "“lost”"),
        (["--kind", "F99"], "“F99”"),
    ):
        assert why in program.unharmed("document", "list", *arguments, code=1)


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_a_draft_is_seen_as_it_would_look(program: Program, tmp_path: Path, suffix: str) -> None:
    (document,) = filled(program, "2-1")
    out, before = tmp_path / f"letter{suffix}", program.dump()
    program("document", "render", "--id", document, "--out", str(out), "--on", "2026-11-20").done()
    found = printed(out) if suffix == ".pdf" else words(out)
    assert "演示登记机关" in found
    assert "2026年11月20日" in found
    assert "核验码" not in found
    assert program.dump() == before


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_an_issued_document_is_written_again_as_it_was(program: Program, tmp_path: Path, suffix: str) -> None:
    document = issued(program)
    program("fill", "2-1", "scale", "99", "--as", "office", "--source", "演示文件").done()
    out = tmp_path / f"again{suffix}"
    said = program("document", "render", "--id", document, "--out", str(out)).done().out
    assert "与原件逐字节一致" in said
    stored = {f["sha256"] for f in program("document", "files", document, "--json").done().json}
    assert hashlib.sha256(out.read_bytes()).hexdigest() in stored
    assert "不能另写 --on" in program.unharmed(
        "document", "render", "--id", document, "--out", str(out), "--on", TODAY, code=1
    )


def test_a_document_that_comes_out_otherwise_than_it_was_issued_is_not_written(
    program: Program, tmp_path: Path
) -> None:
    document = issued(program)
    program.execute("UPDATE document SET snapshot = json_set(snapshot, '$.facts.result', '另一种意见。')")
    out = tmp_path / "again.docx"
    sentence = program.unharmed("document", "render", "--id", document, "--out", str(out), code=5)
    assert "与存档原件不一致" in sentence
    assert not out.exists()


def test_one_file_for_each_case_and_one_paper_about_several(program: Program, tmp_path: Path) -> None:
    (tmp_path / "each").mkdir()
    for case in ("2-1", "2-2"):
        (document,) = drafted(program, case)
        program("document", "fill", document, *fields(**VALUES), *BUREAU).done()
    said = program("document", "render", LETTER, "--cases", "2-1,2-2,9-9", "--out", str(tmp_path / "each"))
    assert said.code == 1
    assert "已生成《关于提请移出异常名录的函》2 份" in said.out
    assert "9-9：" in said.err
    names = sorted(path.name for path in (tmp_path / "each").iterdir())
    assert names == ["关于提请移出异常名录的函_2-1.docx", "关于提请移出异常名录的函_2-2.docx"]
    joint = tmp_path / "ledger.docx"
    program("document", "render", "ledger", "--cases", "2-1,3-2", "--out", str(joint)).done()
    assert "阳城县山仁行砂岩矿" in words(joint)
    assert "阳城县润泰矿业有限公司" not in words(joint)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["F99", "2-1", "--out", "x.docx"], "没有“F99”这种文书"),
        ([LETTER, "--out", "x.docx"], "请写明案件编号"),
        ([LETTER, "9-9", "--out", "x.docx"], "“9-9”"),
        ([LETTER, "2-1", "--out", "x.odt"], "应以 .docx 或 .pdf 结尾"),
        ([LETTER, "2-1", "--out", "x.docx", "--issuer", "emergency"], "无权签发"),
        ([LETTER, "2-1", "--cases", "2-2", "--out", "x.docx"], "就不要再写 --cases"),
        ([LETTER, "--out", "x/"], "用 --cases 写明案件"),
        ([LETTER, "2-1", "--id", "1", "--out", "x.docx"], "只用 --id"),
        (["--out", "x.docx"], "请写明文书种类"),
        (["--id", "77", "--out", "x.docx"], "没有编号为 77 的文书"),
        (["ledger", "--out", "no/such/x.docx"], "写不到"),
    ],
)
def test_a_rendering_that_cannot_be_is_refused(
    program: Program, arguments: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert why in program.unharmed("document", "render", *arguments, code=1)
    assert sorted(tmp_path.iterdir()) == before


def test_files_are_handed_out_as_they_were_taken_in(program: Program, tmp_path: Path) -> None:
    document = issued(program)
    upload = ["document", "upload", document, program.scan("sealed.pdf"), *BUREAU, "--role"]
    assert "edited（修改后的文件）或 sealed" in program.unharmed(*upload, "receipt", code=1)
    program(*upload, "sealed", "--note", HOSTILE).done()
    said = program("document", "files", document, "--out", str(tmp_path / "out")).done().out
    assert f"3  盖章（签字）扫描件　sealed.pdf　13 字节　{TODAY}　natural_resources　{HOSTILE}" in said
    rows = program("document", "files", document, "--json").done().json
    written = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()}
    assert written == {f"{row['n']}_{row['filename']}": row["sha256"] for row in rows}
    program("audit", "verify").done()


def test_a_damaged_file_is_not_handed_out(program: Program, tmp_path: Path) -> None:
    document = issued(program)
    first = program("document", "files", document, "--json").done().json[0]["sha256"]
    (program.home / "files" / first[:2] / first).write_bytes(b"other")
    out = tmp_path / "out"
    assert "已损坏或被改动" in program.unharmed("document", "files", document, "--out", str(out), code=1)
    assert not out.exists()


def test_only_an_issued_document_takes_further_files(program: Program) -> None:
    (document,) = drafted(program, "2-1")
    upload = ["document", "upload", document, program.scan("sealed.pdf"), "--role", "sealed", *BUREAU]
    assert "还没有出具" in program.unharmed(*upload, code=1)
    assert "没有编号为 9 的文书" in program.unharmed("document", "files", "9", code=1)


@pytest.fixture
def handed_out(program: Program, tmp_path: Path) -> list[Path]:
    """The .docx and the PDF of an issued letter, as they lie on somebody's disk."""
    program("document", "files", issued(program), "--out", str(tmp_path / "out")).done()
    return sorted((tmp_path / "out").iterdir())


def test_a_file_is_recognised_to_the_last_byte(program: Program, handed_out: list[Path]) -> None:
    for number, path in enumerate(handed_out, start=1):
        out = program("document", "identify", str(path)).done().out
        assert "文书 1《关于提请移出异常名录的函》演自然资函〔2026〕1号（2-1，阳城县山仁行砂岩矿），已出具" in out
        assert f"与第 {number} 份文件（出具的原件，{TODAY} 存入）逐字节一致。" in out
    program("document", "void", "1", "--reason", "当事人写错", *BUREAU).done()
    assert "注意：本件已作废（当事人写错）。" in program("document", "identify", str(handed_out[0])).done().out


def test_a_changed_file_is_recognised_by_its_code_and_compared(
    program: Program, handed_out: list[Path], tmp_path: Path
) -> None:
    letter = docx.Document(str(handed_out[0]))
    for paragraph in letter.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("同意移出", "不予移出")
    changed = tmp_path / "changed.docx"
    letter.save(str(changed))
    said = program("document", "identify", str(changed))
    assert (said.code, said.err) == (5, "")
    assert "演自然资函〔2026〕1号" in said.out
    assert "文件与原件不同，共 1 处" in said.out
    assert "不予移出" in said.out
    program("document", "upload", "1", str(changed), "--role", "edited", *BUREAU).done()
    assert "与第 3 份文件（修改后的文件" in program("document", "identify", str(changed)).done().out


def test_a_typed_check_code_names_the_record(program: Program, handed_out: list[Path]) -> None:
    (row,) = program("document", "list", "--json").done().json
    code = row["check_code"]
    assert code in printed(handed_out[1])
    for typed in (code, code.lower().replace("-", ""), f"核验码 {code}"):
        assert "演自然资函〔2026〕1号" in program("document", "identify", typed).done().out
    assert program("document", "identify", code, "--json").done().json["records"][0]["id"] == 1


def test_what_is_not_ours_is_not_identified(program: Program, tmp_path: Path) -> None:
    foreign = docx.Document()
    foreign.add_paragraph("别处的文件")
    buffer = io.BytesIO()
    foreign.save(buffer)
    for name, content in (("foreign.docx", buffer.getvalue()), ("note.txt", b"text"), ("broken.docx", b"PK\x03\x04")):
        path = program.scan(name, content)
        assert program.unharmed("document", "identify", path, code=1)
    assert "没有核验码为 ABCD-2345 的文书" in program.unharmed("document", "identify", "abcd-2345", code=1)
    assert "没有找到" in program.unharmed("document", "identify", str(tmp_path / "nothing.pdf"), code=1)


def own_form(program: Program, *paragraphs: str) -> str:
    form = docx.Document()
    for paragraph in paragraphs:
        form.add_paragraph(paragraph)
    buffer = io.BytesIO()
    form.save(buffer)
    return program.scan("own.docx", buffer.getvalue())


def test_a_countys_own_form_takes_the_place_of_the_template(program: Program, tmp_path: Path) -> None:
    series(program)
    (document,) = filled(program, "2-1")
    form = own_form(program, "自备格式 {{ number }}", "{{ mine.name }}：{{ facts.result }}", "{{ facts.contact }}")
    program("document", "template", "add", LETTER, form, "--as", "office").done()
    assert "own.docx" in program("document", "template", "list").done().out
    assert "○ contact　联系人和电话" in program("document", "form", document).done().out
    out = tmp_path / "own.docx"
    render = ["document", "render", "--id", document, "--out"]
    assert "联系人和电话" in program.unharmed(*render, str(out), code=1)
    program("document", "fill", document, "--field", "contact=演示岗 0000", *BUREAU).done()
    assert "只能生成 .docx" in program.unharmed(*render, str(tmp_path / "own.pdf"), code=1)
    program("document", "issue", document, *BUREAU).done()
    program("document", "template", "remove", LETTER, "--as", "office").done()
    assert "共 0 个自备模板。" in program("document", "template", "list").done().out
    assert "没有在用的自备模板" in program.unharmed("document", "template", "remove", LETTER, "--as", "office", code=1)
    assert "与原件逐字节一致" in program(*render, str(out)).done().out, "written with the form that was in use then"
    assert "自备格式 演自然资函〔2026〕1号" in words(out)
    program("audit", "verify").done()


def test_a_form_with_problems_is_refused_with_all_of_them(program: Program) -> None:
    form = own_form(program, "{{ number }} {{ mine.nane }}", "{{ facts.bogus }}")
    sentence = program.unharmed("document", "template", "add", LETTER, form, "--as", "office", code=1)
    assert "有 2 处问题" in sentence
    assert "是不是“mine.name”" in sentence
    assert "没有“facts.bogus”这个字段" in sentence
    text = program.scan("form.docx", b"not a Word file")
    assert "“form.docx”不能用作" in program.unharmed(
        "document", "template", "add", LETTER, text, "--as", "office", code=1
    )


def test_documents_run_as_a_process_of_their_own(program: Program) -> None:
    """Not in the tests' own process: what a command imports late must be there in a fresh one."""
    said = program.real("document", "draft", LETTER, "2-1", *BUREAU)
    assert (said.code, said.err) == (0, "")
    assert "还有 3 项待填" in said.out
    assert "还没有登记" in program.real("document", "issue", "1", *BUREAU).refused(1)
