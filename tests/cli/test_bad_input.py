"""Bad input: each gets one clear Chinese sentence and an exit code, and nothing at all is changed."""

import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.cli.program import ROOT, Program, fields
from tests.cli.test_commands import HOSTILE, demand_rectification

PLAN = ROOT / "plans" / "yangcheng"
OPEN = ["open", "intake"]
AS = ["--as", "office"]

UNKNOWN = {
    "case": (["show", "9-9"], "9-9"),
    "case to advance": (["advance", "9-9", "open_talks", *AS], "9-9"),
    "trigger": (["advance", "2-4", "fly", *AS], "fly"),
    "user": (["advance", "2-4", "open_talks", "--as", "nobody"], "nobody"),
    "procedure": (["open", "nonsense", "2-1", *AS], "nonsense"),
    "mine of a track": (["open", "rectification", "无名矿", *AS], "无名矿"),
    "document": (["document", "render", "nonsense", "2-1", "--out", "x.docx"], "nonsense"),
    "case of a document": (["document", "render", "rectification_order", "9-9", "--out", "x.docx"], "9-9"),
    "field": (["advance", "2-4", "open_talks", *AS, "--field", "colour=red"], "colour"),
    "field of a new mine": ([*OPEN, "演示矿", *AS, "--field", "colour=red"], "colour"),
    "value to fill": (["fill", "2-4", "有效 期", "x", *AS, "--source", "演示"], "有效 期"),
    "organ": (["organ", "contact", "nobody", "a@example.cn"], "nobody"),
    "organ kind": (["organ", "add", "unit_demo", "演示单位", "--kind", "club"], "club"),
    "notice": (["resolve", "999", *AS, "--sent"], "999"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_nobody_knows_is_named(program: Program, what: str) -> None:
    command, named = UNKNOWN[what]
    assert named in program.unharmed(*command, code=1)


NO_SUCH_DAY = {
    "step": ["advance", "2-4", "open_talks", *AS, "--on", "2026-02-30"],
    "field": ["advance", "2-4", "open_talks", *AS, "--field", "talked_on=2026-02-30"],
    "opening": [*OPEN, "演示矿", *AS, "--on", "2026-02-30"],
    "new mine": [*OPEN, "演示矿", *AS, "--field", "valid_to=2026-02-30"],
    "sweep": ["sweep", "--as-of", "2026-02-30"],
    "status": ["status", "--as-of", "2026-02-30"],
    "preview": ["preview", "--from", "2026-01-01", "--until", "2026-02-30"],
    "fill": ["fill", "2-4", "safety_permit_valid_to", "2026-02-30", *AS, "--source", "演示"],
    "contact": ["organ", "contact", "emergency", "a@example.cn", "--from", "2026-02-30"],
    "correction": ["correct", "2-4", *AS, "--reason", "演示", "--on", "2026-02-30"],
}


@pytest.mark.parametrize("where", NO_SUCH_DAY)
def test_a_day_that_does_not_exist_is_refused(program: Program, where: str) -> None:
    sentence = program.unharmed(*NO_SUCH_DAY[where], code=1)
    assert "2026-02-30" in sentence
    assert "没有这一天" in sentence


@pytest.mark.parametrize("typed", ["tomorrow", "26-1-1", "2026-13-01", "2026-11-23T09:00", "0000-01-01", "[/red]"])
def test_what_is_no_date_is_refused(program: Program, typed: str) -> None:
    assert "日期" in program.unharmed("sweep", "--as-of", typed, code=1)


def test_evidence_must_be_a_file_with_something_in_it(program: Program, tmp_path: Path) -> None:
    def attempt(evidence: str) -> str:
        return program.unharmed("advance", "2-4", "open_talks", *AS, "--field", "talked_on=2026-11-20",
                                "--evidence", evidence)  # fmt: skip

    assert "没有找到" in attempt(str(tmp_path / "nowhere.pdf"))
    assert "空文件" in attempt(program.scan("empty.pdf", b""))
    assert "不是文件" in attempt(str(tmp_path))
    assert "没有找到" in attempt("a\0b") or "控制字符" in attempt("a\0b")
    assert attempt("x" * 5000)
    assert not (program.home / "files").exists()


OUT_OF_RANGE = {
    "exit year": (["open", "closure", "演示矿", *AS, "--field", "exit_year=1990"], "2020"),
    "choice": (["--field", "enforcer=working_group"], "只能选择"),
    "date in words": (["--field", "rectify_by=下月"], "应为日期"),
    "no equals": (["--field", "rectify_by"], "名称=值"),
    "twice": (["--field", "breach=a", "--field", "breach=b"], "两次"),
    "too long": (["--field", "breach=" + "长" * 10_000], "4000"),
    "bidi": (["--field", "breach=abc\u202edcba"], "U+202E"),
    "nul": (["--field", "breach=a\0b"], "U+0000"),
    "scale of a mine": ([*OPEN, "演示矿", *AS, "--field", "scale=-5"], "-5"),
    "no number": ([*OPEN, "演示矿", *AS, "--field", "scale=NaN"], "NaN"),
    "licence": ([*OPEN, "演示矿", *AS, "--field", "licence_number=C123"], "C123"),
    "days of preview": (["preview", "--from", "2026-01-01", "--until", "2099-01-01"], "十年"),
    "preview backwards": (["preview", "--from", "2026-01-02", "--until", "2026-01-01"], "早于"),
    "year of the calendar": (["calendar", "show", "1066"], "1066"),
}


@pytest.mark.parametrize("what", OUT_OF_RANGE)
def test_a_value_out_of_range_is_refused(program: Program, what: str) -> None:
    command, named = OUT_OF_RANGE[what]
    if command[0] == "--field":
        case = demand_rectification(program)
        command = ["advance", case, "issue_order", "--as", "natural_resources", *command]
    assert named in program.unharmed(*command, code=1)


NAMES = {
    "encoded word": "=?utf-8?q?x=0ABcc:_e@x?=", "markup of Word": "</w:t>", "template": "{{ 7*7 }}", "path": "../../x",
    "markup of the terminal": "[/red]", "nul": "演示\0矿", "bidi": "演示\u202e矿", "isolate": "演示\u2066矿",
    "escape": "演示\x1b[31m矿", "line break": "演示\n矿", "too long": "矿" * 10_000, "empty": "", "blank": "　 ",
    "zero width": "演示\u200b矿",
}  # fmt: skip


@pytest.mark.parametrize("kind", NAMES)
def test_a_mine_cannot_be_named_so(program: Program, kind: str) -> None:
    sentence = program.unharmed(*OPEN, NAMES[kind], *AS, code=1)
    assert "矿山名称" in sentence
    assert "□" not in sentence.replace("“□”", "")
    assert len(sentence) < 200


@pytest.mark.parametrize("kind", NAMES)
def test_no_command_stumbles_over_such_a_case_number(program: Program, kind: str) -> None:
    for command in (["show"], ["correct", *AS, "--reason", "演示"], ["advance", *AS]):
        rest = ["open_talks"] if command[0] == "advance" else []
        program.unharmed(command[0], NAMES[kind], *rest, *command[1:], code=1)


@pytest.mark.parametrize("kind", ["nul", "bidi", "escape", "zero width"])
def test_invisible_characters_are_stored_nowhere(program: Program, kind: str) -> None:
    bad = NAMES[kind]
    for command in (
        [*OPEN, "演示矿", *AS, "--source", bad], [*OPEN, "演示矿", *AS, "--field", f"holder={bad}"],
        ["fill", "2-4", "production_status", bad, *AS, "--source", "演示"],
        ["fill", "2-4", "production_status", "停产", *AS, "--source", bad],
        ["organ", "add", "unit_demo", bad, "--kind", "unit"],
        ["organ", "contact", "emergency", "a@example.cn", "--person", bad],
        ["organ", "contact", "emergency", "a@example.cn", "--phone", bad],
        ["organ", "contact", "emergency", f"a{bad}@example.cn"],
    ):  # fmt: skip
        program.unharmed(*command, code=1)


BROKEN_CELLS = {
    "date": ("annex2.csv", "2026-11-29", "2026-11-31"), "licence": ("annex2.csv", "C1405002016117130143369", "C14"),
    "name": ("annex3.csv", "东冶镇郎庄村石灰岩矿", "[/red]"), "both ticks": ("annex2.csv", "√,,", "√,√,"),
    "comma": ("annex3.csv", ",石灰岩,", ",石灰岩,,"), "fingerprint": ("clauses.csv", ",", ",zz"),
    "toml": ("plan.toml", "=", "= ="), "organ": ("organs.toml", 'id = "natural_resources"', 'id = "Natural Resources"'),
    "ladder": ("ladders.toml", "[", "[["), "question": ("open_values.csv", "natural_resources", "nobody"),
}  # fmt: skip


@pytest.fixture
def broken_plan(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    file, old, new = BROKEN_CELLS[request.param]
    folder = tmp_path / "plan"
    shutil.copytree(PLAN, folder)
    text = (folder / file).read_text("utf8")
    assert old in text, "the cell to be broken must be there"
    (folder / file).write_text(text.replace(old, new, 1), "utf8")
    return folder


@pytest.mark.parametrize("broken_plan", BROKEN_CELLS, indirect=True)
def test_a_plan_with_a_broken_row_loads_nothing(program: Program, broken_plan: Path, tmp_path: Path) -> None:
    file = next(path.name for path in PLAN.iterdir() if (broken_plan / path.name).read_bytes() != path.read_bytes())
    assert file in program.unharmed("init", MINECASE_PLAN=str(broken_plan))
    fresh = Program(tmp_path / "fresh")
    assert file in fresh("init", MINECASE_PLAN=str(broken_plan)).refused(1)
    assert fresh.dump() == []


def test_a_plan_folder_that_is_not_there_is_named(program: Program, tmp_path: Path) -> None:
    assert "plan.toml" in program.unharmed("init", MINECASE_PLAN=str(tmp_path / "nowhere"), code=1)


@pytest.mark.parametrize(
    "command", [["init"], ["status"], ["run", "--once"], ["sweep"], ["deliver"], ["audit", "verify"]]
)
def test_a_database_from_a_newer_version_is_left_alone(program: Program, command: list[str]) -> None:
    program.execute("UPDATE alembic_version SET version_num = '9999'")
    before = program.dump()
    said = program(*command)
    assert (said.code, said.err.count("\n")) == (6, 1)
    assert "新" in said.err
    assert "9999" in said.err
    assert program.dump() == before


def test_a_file_that_is_no_database_is_left_alone(program: Program) -> None:
    for suffix in ("-wal", "-shm"):
        program.database.with_name(program.database.name + suffix).unlink(missing_ok=True)
    program.database.write_bytes(b"not a database at all" * 300)
    for command in (["status"], ["init"], ["sweep"]):
        assert "数据库" in program(*command).refused(6)
    assert program.database.read_bytes() == b"not a database at all" * 300


@pytest.mark.parametrize("url", ["foo", "mysql://x/y", "postgresql://127.0.0.1:1/nothing", "sqlite:////proc/none/x.db"])
def test_a_database_address_that_leads_nowhere(program: Program, url: str) -> None:
    before = program.dump()
    assert "数据库" in program.real("status", MINECASE_DATABASE_URL=url).refused(6)
    assert program.dump() == before


WRONG_USAGE = {
    "no command": ([], "请给出命令"), "unknown command": (["fly"], "fly"), "unknown option": (["status", "--fly"], "--fly"),
    "unknown in a group": (["calendar", "fly"], "fly"), "missing option": (["advance", "2-4", "open_talks"], "--as"),
    "missing argument": (["show"], "CASE"), "missing value": (["status", "--as-of"], "--as-of"),
    "too much": (["status", "now"], "now"), "no number": (["calendar", "show", "next"], "整数"),
    "no version": (["advance", "2-4", "x", *AS, "--version", "two"], "--version"),
    "port": (["run", "--once", "--port", "99999"], "65535"), "beat": (["run", "--once", "--seconds", "0"], "不小于 1"),
    "flag with value": (["status", "--json=yes"], "--json"), "group alone": (["plan"], "请给出命令"),
    "out is needed": (["document", "render", "rectification_order", "2-1"], "--out"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_USAGE)
def test_wrong_usage_is_said_in_chinese(program: Program, what: str) -> None:
    command, named = WRONG_USAGE[what]
    before = program.dump()
    said = program(*command)
    lines = said.err.splitlines()
    assert (said.code, len(lines)) == (2, 1)
    assert named in lines[0]
    assert "--help" in lines[0]
    assert not any(word in said.err for word in ("No such", "Missing", "Invalid", "Got", "Option"))
    assert program.dump() == before


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://h:99999?from=a@example.cn", "smtp://h", "smtp://h?from=a", "x"]
)
def test_a_wrong_mail_server_address_sends_nothing(program: Program, url: str) -> None:
    program("sweep", "--as-of", "2026-11-20").done()
    for command in (["deliver"], ["sweep", "--as-of", "2026-11-23"]):
        assert "MINECASE_SMTP_URL" in program.unharmed(*command, code=1, MINECASE_SMTP_URL=url)


def test_the_password_of_the_mail_server_is_never_shown(program: Program) -> None:
    said = program("deliver", MINECASE_SMTP_URL="smtp://desk:secret-word@host?from=bad")
    assert said.code == 1
    assert "secret-word" not in said.out + said.err


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for home in (file, file / "below"):
        program = Program(home)
        for command in (["init"], ["run", "--once"]):
            said = program(*command)
            assert said.code == 1
            assert str(file) in said.err
            assert said.err.count("\n") == 1
        assert "minecase init" in program("status").refused(6)
    assert file.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for a folder that nobody can write to")
def test_a_home_that_cannot_be_written() -> None:
    assert "/proc/minecase" in Program(Path("/proc/minecase"))("init").refused(1)


def test_bytes_that_are_no_text_are_refused(program: Program) -> None:
    for command in (["show", "演示\udcff矿"], [*OPEN, "演示\udcff矿", *AS]):
        assert "不是 UTF-8" in program.unharmed(*command, code=1)


def test_a_port_in_use_is_said_before_anything_is_done(program: Program) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        sentence = program.unharmed("run", "--port", port, code=1)
    assert port in sentence
    assert "已被占用" in sentence


def test_a_calendar_that_cannot_be_read_is_not_imported(program: Program, tmp_path: Path) -> None:
    command = ["calendar", "import", "--source", "演示", *AS, "--yes"]
    assert "nowhere" in program.unharmed(*command, str(tmp_path / "nowhere.csv"), code=1)
    for name, content in {
        "empty": b"",
        "no days": b"hello",
        "half": "2028-02-30,holiday,元旦".encode(),
        "nul": b"\0\0",
    }.items():
        assert program.unharmed(*command, program.scan(name, content), code=1)


def test_a_document_is_written_whole_or_not_at_all(program: Program, tmp_path: Path) -> None:
    case = demand_rectification(program)
    command = ["document", "render", "rectification_order", case, "--out"]
    for out in (tmp_path / "x.pdf", tmp_path / "nowhere" / "x.docx"):
        program.unharmed(*command, str(out))
    assert "无权" in program.unharmed(*command, str(tmp_path / "x.docx"), "--issuer", "group_office", code=1)
    assert "2026-02-30" in program.unharmed(*command, str(tmp_path / "x.docx"), "--on", "2026-02-30", code=1)
    assert not list(tmp_path.glob("*.docx"))


def test_a_case_that_exists_takes_hostile_reasons_but_not_hostile_facts(program: Program) -> None:
    case = demand_rectification(program)
    given = ["advance", case, "issue_order", "--as", "natural_resources"]
    assert "作出机关" in program.unharmed(*given, *fields(enforcer=HOSTILE, breach=HOSTILE), code=1)


def test_the_tables_of_the_issue_hold_in_a_process_of_its_own(program: Program) -> None:
    for command in (["show", "[/red]"], [*OPEN, "</w:t>", *AS], [*OPEN, "=?utf-8?q?x=0ABcc:_e@x?=", *AS]):
        before = program.dump()
        program.real(*command).refused(1)
        assert program.dump() == before
