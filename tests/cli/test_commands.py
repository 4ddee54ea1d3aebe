"""Every command of the issue's list, on the real thirteen mines."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.program import TODAY, Program, fields
from workflow.calendar_import import FESTIVAL_NAMES

MINES = [f"2-{n}" for n in range(1, 6)] + [f"3-{n}" for n in range(1, 9)]
HOSTILE = "[/red] {{ 7*7 }} </w:t> =?utf-8?q?x?="


def demand_rectification(program: Program, mine: str = "2-5") -> str:
    """A rectification case, opened by the office; answers its number."""
    opened = program("open", "rectification", mine, "--as", "office", "--field", "breach=演示事实", "--json").done()
    return str(opened.json["case"])


def issue_order(program: Program, case: str, **given: str) -> None:
    values = {"enforcer": "natural_resources", "breach": "演示事实", "legal_basis": "演示法第一条", "requirements": "演示要求",
              "rectify_by": "2026-12-31", "remedy": "演示救济途径", "contact": "演示岗 0000", **given}  # fmt: skip
    program("advance", case, "issue_order", "--as", "natural_resources", *fields(**values)).done()


def put_talks_on_record(program: Program) -> None:
    """The first step of a mine's exit, which keeps one file."""
    program("organ", "add", "township_demo", "演示镇人民政府", "--kind", "township").done()
    program("fill", "2-4", "township_id", "演示镇人民政府", "--as", "office", "--source", "演示文件").done()
    program("advance", "2-4", "open_talks", "--as", "township_demo", "--field", "talked_on=2026-11-20",
            "--evidence", program.scan("talk.pdf")).done()  # fmt: skip


def test_init_may_be_repeated(program: Program) -> None:
    before = program.dump()
    assert "方案此前已经载入" in program("init").done().out
    assert program.dump() == before


def test_status_tells_of_each_mine_what_the_issue_asks_for(program: Program) -> None:
    rows = program("status", "--json").done().json
    assert sorted(row["case"] for row in rows) == MINES
    wanted = {"case", "mine", "procedure", "state", "state_label", "lead", "due_on", "days_left", "next"}
    assert all(wanted <= row.keys() and row["next"] for row in rows)
    assert all({"trigger", "title", "clause", "blockers"} <= step.keys() for row in rows for step in row["next"])
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)


def test_status_counts_from_the_day_that_is_asked(program: Program) -> None:
    def days_left(*arguments: str) -> int:
        return next(
            row["days_left"] for row in program("status", "--json", *arguments).done().json if row["case"] == "2-4"
        )

    assert days_left() == (date(2026, 11, 29) - date.fromisoformat(TODAY)).days
    assert days_left("--as-of", "2026-11-30") == -1
    assert days_left("--as-of", "2026年11月30日") == -1


@pytest.mark.parametrize("width", [80, 100, 109])
def test_a_narrow_terminal_gets_one_block_for_each_case(program: Program, width: int) -> None:
    lines = program("status", COLUMNS=str(width)).done().out.splitlines()
    assert max(map(cell_len, lines)) <= width
    heads = [line.split()[0] for line in lines if line[:2] in ("2-", "3-")]
    assert sorted(heads) == MINES
    assert heads[:4] == ["2-1", "2-2", "2-3", "3-1"], "overdue first"
    block = lines[lines.index("2-4  阳城县冠聿陶瓷粘土矿") :][:8]
    words = "\n".join(line.rstrip() for line in block)
    for part in (
        "引导退出 · ",
        "2026-11-29，剩余 6 天",
        "约谈企业，启动协商（四(二)2）",
        "由谁",
        "● 缺少材料“约谈记录”",
    ):
        assert part in words


@pytest.mark.parametrize("width", [110, 120, 160])
def test_a_wide_terminal_gets_a_table_whose_dates_and_clauses_are_whole(program: Program, width: int) -> None:
    out = program("status", COLUMNS=str(width)).done().out
    assert all(cell_len(line) == width for line in out.splitlines() if "│" in line)
    for whole in ("2026-11-29", "剩余 6 天", "2028-12-31", "三(二)4(1)", "四(二)2"):
        assert whole in out


def test_a_pipe_gets_the_wide_table(program: Program) -> None:
    assert max(map(cell_len, program("status").done().out.splitlines())) == 160


def test_show_has_everything_on_record(program: Program) -> None:
    out = program("show", "2-4", COLUMNS="80").done().out
    for part in (
        "崔敏峰",
        "C1405002016117130143369",
        "2026-11-29",
        "township_id",
        "立案",
        "open_talks",
        "--field talked_on=",
    ):
        assert part in out
    assert max(map(cell_len, out.splitlines())) <= 80
    found = program("show", "2-4", "--json").done().json
    assert (found["case"], found["version"], found["history"][0]["kind"]) == ("2-4", 1, "open")


def test_a_step_needs_its_evidence_and_then_is_taken(program: Program) -> None:
    program("organ", "add", "township_demo", "演示镇人民政府", "--kind", "township").done()
    program("fill", "2-4", "township_id", "演示镇人民政府", "--as", "office", "--source", "演示文件").done()
    talk = [
        "advance",
        "2-4",
        "open_talks",
        "--as",
        "township_demo",
        "--field",
        "talked_on=2026-11-20",
        "--version",
        "2",
    ]
    blocked = program.unharmed(*talk, code=3)
    assert "缺少材料“约谈记录”" in blocked
    assert "四(二)2" in blocked
    row = program(*talk, "--evidence", program.scan("talk.pdf"), "--json").done().json
    assert (row["case"], row["version"]) == ("2-4", 3)
    stored = list((program.home / "files").rglob("*"))
    assert len([path for path in stored if path.is_file()]) == 1
    late = program.unharmed(*talk, code=4)
    assert "更新" in late or "第 3 次" in late
    program("audit", "verify").done()


def test_a_refused_step_keeps_no_file(program: Program) -> None:
    scan = program.scan("talk.pdf")
    program.unharmed(
        "advance", "2-4", "open_talks", "--as", "office", "--field", "talked_on=2026-11-20", "--evidence", scan, code=3
    )
    assert not (program.home / "files").exists()


def test_a_step_is_taken_back_with_a_reason(program: Program) -> None:
    case = demand_rectification(program)
    issue_order(program, case)
    said = program("correct", case, "--as", "office", "--reason", HOSTILE).done()
    assert "发现义务履行不到位" in said.out
    history = program("show", case, "--json").done().json["history"]
    assert [event["kind"] for event in history] == ["open", "step", "correct"]
    program("audit", "verify").done()


def test_hostile_but_storable_text_comes_out_literally(program: Program) -> None:
    case = demand_rectification(program)
    issue_order(program, case, requirements=HOSTILE)
    assert HOSTILE in program("show", case).done().out
    assert program("show", case, "--json").done().json["facts"]["requirements"] == HOSTILE


def test_sweep_plans_and_deliver_writes_real_messages(program: Program) -> None:
    swept = program("sweep", "--as-of", TODAY, "--json").done().json
    assert swept["due"] > 0
    assert swept["planned"] > 0
    delivered = program("deliver", "--json").done().json
    assert delivered["sent"] == len(program.mails()) > 0
    again = program("deliver", "--json").done().json
    assert again["sent"] == 0, "nothing goes out twice"
    rows = program("notices", "--json").done().json
    assert {row["status"] for row in rows} <= {"sent", "no_contact"}


def test_a_sweep_never_goes_back_and_rests_on_rest_days(program: Program) -> None:
    program("sweep", "--as-of", "2026-12-01").done()
    assert "2026-12-01" in program.unharmed("sweep", "--as-of", "2026-11-30", code=1)
    assert "休息日" in program("sweep", "--as-of", "2026-12-05").done().out


def test_preview_lists_what_the_sweep_then_plans(program: Program) -> None:
    until = (date.fromisoformat(TODAY) + timedelta(days=30)).isoformat()
    before = program.dump()
    rows = program("preview", "--from", TODAY, "--until", until, "--json").done().json
    assert program.dump() == before
    first = {(row["recipient_id"], row["kind"]) for row in rows if row["planned_on"] == TODAY}
    program("sweep", "--as-of", TODAY).done()
    planned = {(row["recipient"], row["kind"]) for row in program("notices", "--json").done().json}
    assert first == planned
    out = program("preview", "--from", "2026-12-01", "--until", until, "--text", COLUMNS="80").done().out
    assert "如何办理" in out
    assert max(map(cell_len, out.splitlines())) <= 80


def test_check_prints_the_procedures_health(program: Program) -> None:
    assert "流程体检" in program("check").done().out


def test_check_finds_a_case_in_a_state_that_the_code_has_not(program: Program) -> None:
    program.execute("UPDATE proceeding SET state = 'nowhere' WHERE number = '2-1'")
    said = program("check")
    assert said.code == 5
    assert "2-1" in said.out
    assert "nowhere" in said.out
    assert "2-1" in program("run", "--once").err


def test_the_calendar_says_what_is_published(program: Program) -> None:
    assert "国务院已公布" in program("calendar", "show", "2026").done().out
    assert "尚未公布" in program("calendar", "show", "2028").done().out


def holiday_notice(folder: Path, year: int) -> str:
    """A notice that names all seven festivals, on days of our own making."""
    days = ((1, 1), (2, 3), (4, 5), (5, 1), (6, 1), (9, 20), (10, 1))
    rows = [f"{date(year, m, d)},holiday,{name}" for (m, d), name in zip(days, FESTIVAL_NAMES, strict=True)]
    path = folder / "notice.csv"
    path.write_text("\n".join(rows), "utf8")
    return str(path)


def test_a_calendar_is_imported_only_when_a_person_agrees(program: Program, tmp_path: Path) -> None:
    command = ["calendar", "import", holiday_notice(tmp_path, 2028), "--source", "演示通知", "--as", "office"]
    before = program.dump()
    declined = program(*command, typed="n\n").done()
    assert "什么都没有改" in declined.out
    assert program.dump() == before
    assert "已导入" in program(*command, "--yes").done().out
    assert "国务院已公布" in program("calendar", "show", "2028").done().out
    program("audit", "verify").done()


def test_the_history_tells_when_somebody_changed_it(program: Program) -> None:
    assert "完整" in program("audit", "verify").done().out
    program.execute("UPDATE event SET actor = 'nobody' WHERE seq = 3")
    said = program("audit", "verify")
    assert said.code == 5
    assert "事件 3" in said.out


def test_a_state_changed_past_the_program_is_found(program: Program) -> None:
    program.execute("UPDATE proceeding SET state = 'archived' WHERE number = '2-2'")
    said = program("audit", "verify")
    assert said.code == 5
    assert "2-2" in said.out


def test_a_damaged_file_on_record_is_found(program: Program) -> None:
    put_talks_on_record(program)
    (kept,) = [path for path in (program.home / "files").rglob("*") if path.is_file()]
    kept.write_bytes(b"other")
    said = program("audit", "verify")
    assert said.code == 5
    assert kept.name[:16] in said.out


def test_accounts_organs_and_contacts(program: Program) -> None:
    users = {row["user"] for row in program("users", "--json").done().json}
    assert {"office", "natural_resources", "emergency"} <= users
    program("organ", "contact", "natural_resources", "desk@example.gov.cn", "--person", "演示岗").done()
    organs = {row["id"]: row["email"] for row in program("organ", "list", "--json").done().json}
    assert organs["natural_resources"] == "desk@example.gov.cn"
    for command in (["users"], ["organ", "list"], ["document", "kinds"]):
        assert "自然资源局" in program(*command).done().out


def test_a_new_mine_gets_a_case_of_its_own(program: Program) -> None:
    opened = program(
        "open", "intake", "演示一号石灰岩矿", "--as", "office", "--demo", "--json",
        *fields(holder="演示矿业公司", mineral="石灰岩"),
    )  # fmt: skip
    case = opened.done().json["case"]
    assert "演示一号石灰岩矿" in program("show", case).done().out
    assert case in {row["case"] for row in program("status", "--json").done().json}
