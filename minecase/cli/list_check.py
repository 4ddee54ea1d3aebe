"""The command that checks the lists, or a new one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minecase.cli.common import EXIT_FOUND, Json, office, print_json, read_day, say, write_file
from workflow.errors import BadInput, os_reason

if TYPE_CHECKING:
    from office.running.installation import Office
    from office.sheets.list_check import Checked

_SUFFIXES = (".docx", ".pdf", ".xlsx")


def register(app: typer.Typer) -> None:
    app.command(name="check-list")(check_list)


def check_list(
    file: Annotated[Path | None, typer.Argument(help="附件2或附件3样式的新名录；不写则核对在册的名录")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="结果写入 .docx、.pdf 或 .xlsx")] = None,
    on: Annotated[str, typer.Option("--on", help="核对日期，默认今天")] = "",
    everything: Annotated[bool, typer.Option("--all", help="逐项列出，包括符合和事实不足的")] = False,
    json: Json = False,
) -> int:
    """名录核对：逐行对照方案标准和登记的事实，结论为符合、不符合、事实不足；只提出事实和疑问，不改变台账。"""
    from workflow.list_paper import is_against

    suffix = out.suffix.lower() if out else ""
    if out and suffix not in _SUFFIXES:
        raise BadInput(f"输出文件“{out.name}”应以 {'、'.join(_SUFFIXES)} 结尾。")
    at, day = office(), read_day(on, "核对日期")
    with at.reading() as session:
        checked = _checked(session, file, day)
        data = _drawn(at, session, checked, suffix) if out else b""
    if out:
        write_file(out, data)
    if json:
        print_json([_plain(found) for found in checked.findings])
    else:
        _say(checked, everything=everything)
        if out:
            say(f"已写入：{out}")
    return EXIT_FOUND if any(is_against(found) for found in checked.findings) else 0


def _checked(session: Any, file: Path | None, day: Any) -> "Checked":
    from office.sheets.list_check import check_workbook, on_record

    if file is None:
        return on_record(session, None, day).checked()
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(f"名录“{file.name}”打不开（{os_reason(error)}）：请核对路径。") from None
    return check_workbook(session, data, file.name, day)


def _drawn(at: "Office", session: Any, checked: "Checked", suffix: str) -> bytes:
    from office.sheets.list_check import draw_check, findings_sheet

    if suffix == ".xlsx":
        return findings_sheet(checked, by="命令行")
    return draw_check(at, session, checked, suffix, "group_office")


def _say(checked: "Checked", *, everything: bool) -> None:
    from workflow.list_paper import is_against

    for note in checked.notes:
        say(note, style="yellow")
    for found in checked.findings:
        if everything or is_against(found):
            settle = f"　如何核实：{found.settle}" if found.settle else ""
            say(
                f"{found.place} {found.name}　{found.rule} {found.title}（{found.clause}）{found.words}：{found.said}{settle}"
            )
    counts = checked.counts
    say(
        f"{checked.title}：{len(checked.rows)} 行 {len(checked.findings)} 项，"
        f"符合 {counts['hit']}、不符合 {counts['miss']}、事实不足 {counts['unknown']}。",
        style="bold",
    )


def _plain(found: Any) -> dict[str, Any]:
    return {
        "place": found.place, "name": found.name, "mine": found.code, "rule": found.rule, "title": found.title,
        "clause": found.clause, "verdict": found.verdict, "words": found.words, "fact": found.said,
        "sources": list(found.sources), "settle": found.settle,
    }  # fmt: skip
