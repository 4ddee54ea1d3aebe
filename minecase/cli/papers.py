"""Commands about documents: kinds, list, render, and those of `paper_life` and `paper_files`."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli import paper_files, paper_life
from minecase.cli.common import (
    EXIT_FOUND,
    Json,
    office,
    print_json,
    read_day,
    read_id,
    read_list,
    say,
    say_error,
    write_file,
)  # fmt: skip
from workflow.errors import BadInput, os_reason

if TYPE_CHECKING:
    from office.running.installation import Office

document = typer.Typer(help="文书。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    document.command(name="kinds")(kinds)
    document.command(name="list")(list_)
    document.command(name="render")(render)
    for part in (paper_life, paper_files):
        part.register(document)
    app.add_typer(document, name="document")


def kinds(json: Json = False) -> None:
    """文书种类、代号和有权签发的单位。"""
    from states.documents import KINDS

    if json:
        print_json([
            {"code": k.code, "id": k.id, "title": k.title, "form": k.form, "scope": k.scope, "basis": k.basis,
             "issuers": [p.name for p in k.issuers]} for k in KINDS
        ])  # fmt: skip
        return
    for kind in KINDS:
        issuers = "、".join(p.name for p in kind.issuers)
        about = {"case": "", "office": "；全县", "either": "；一案或几案"}[kind.scope]
        say(f"{kind.code:<5}{kind.id:<36}{kind.title}（{kind.form}{about}；{issuers}）")


def list_(
    case: Annotated[str, typer.Option(help="只看这一案件的文书")] = "",
    status: Annotated[str, typer.Option(help="只看这一状态：draft、issued、served、void")] = "",
    kind: Annotated[str, typer.Option(help="只看这一种文书")] = "",
    json: Json = False,
) -> None:
    """在册文书：编号、状态、文号、成文和送达日期。"""
    from office.papers.paper_records import STATUS, listed

    if status and status not in STATUS:
        words = "、".join(f"{name}（{label}）" for name, label in STATUS.items())
        raise BadInput(f"状态“{status[:20]}”不对：可用 {words}。")
    with office().reading() as session:
        rows = listed(session, case=case, kind=kind, status=status)
    if json:
        print_json(rows)
        return
    for row in rows:
        about = " ".join(part for part in (row["case"], row["mine"]) if part)
        days = [
            f"成文 {row['issued_on']}" if row["issued_on"] else "",
            f"送达 {row['served_on']}" if row["served_on"] else "",
        ]
        parts = [about, row["issuer"], row["status_label"], row["number"], *days, row["void_reason"]]
        say(f"{row['id']:>5}  《{row['title']}》{'　'.join(part for part in parts if part)}")
    say(f"共 {len(rows)} 份。", style="bold")


def render(
    out: Annotated[str, typer.Option("--out", help="输出文件 .docx 或 .pdf；几个案件各一份时写目录，以 / 结尾")],
    kind: Annotated[str, typer.Argument(help="种类：代号、编号（F27）或名称")] = "",
    case: Annotated[str, typer.Argument(help="案件编号")] = "",
    id: Annotated[str, typer.Option("--id", help="在册文书的编号：草稿照现样生成，已出具的按存档重新生成并核对")] = "",
    on: Annotated[str, typer.Option("--on", help="成文日期；不给则留空")] = "",
    issuer: Annotated[str, typer.Option(help="签发单位；无权签发的会被拒绝")] = "",
    cases: Annotated[str, typer.Option("--cases", help="几个案件，用逗号隔开")] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="输出到目录时生成 PDF（默认 .docx）")] = False,
) -> int:
    """生成文书看样，不编号、不存档。有待明确事项时逐项指出，不生成。"""
    at, target, day = office(), Path(out), read_day(on, "成文日期") if on else None
    if bool(kind) == bool(id) or (id and (case or cases or issuer)):
        raise BadInput("请写明文书种类（和案件），或者只用 --id 写明在册文书的编号。")
    if case and cases:
        raise BadInput("写了一个案件，就不要再写 --cases。")
    if not id and (out.endswith(("/", "\\")) or target.is_dir()):
        return _render_each(at, kind, read_list(cases or case), target, ".pdf" if pdf else ".docx", day, issuer)
    if target.suffix.lower() not in (".docx", ".pdf"):
        raise BadInput(f"输出文件“{target.name}”应以 .docx 或 .pdf 结尾。")
    if id:
        return _render_one(at, read_id(id), target, day)
    remarks = _draw(at, kind, case, target, day, issuer, read_list(cases))
    from workflow.paper import kind_named

    _say_made(kind_named(kind).title, target, remarks)
    return 0


def _draw(
    at: "Office", kind: str, case: str, target: Path, on: date | None, issuer: str, cases: tuple[str, ...] = ()
) -> list[str]:
    from office.papers.papers import draw, paper_for

    with at.reading() as session:
        paper = paper_for(session, kind, case, on=on, issuer=issuer, cases=cases)
        data, remarks = draw(at, session, paper, target.suffix.lower())
    write_file(target, data)
    return remarks


def _say_made(title: str, target: Path, remarks: Sequence[str]) -> None:
    say(f"已生成《{title}》：{target}")
    for remark in remarks:
        say(f"说明：{remark}", style="dim")


def _render_each(
    at: "Office", kind: str, cases: Sequence[str], folder: Path, suffix: str, on: date | None, issuer: str
) -> int:
    """One file for each case; a case that cannot be written does not hold up the rest."""
    from office.papers.papers import sayable
    from workflow.paper import kind_named

    title, made = kind_named(kind).title, 0
    remarks: dict[str, None] = {}
    if not cases:
        raise BadInput("输出到目录是给几个案件各写一份，请用 --cases 写明案件；只要一份时请写 .docx 或 .pdf 文件名。")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"建不了目录“{folder}”（{os_reason(error)}）：请核对路径和权限。") from None
    for case in _with_progress(cases, "生成文书"):
        try:
            target = folder / f"{title}_{case.replace('/', '-')}{suffix}"
            remarks |= dict.fromkeys(_draw(at, kind, case, target, on, issuer))
            made += 1
        except Exception as error:
            if not sayable(error):
                raise
            say_error(f"{case}：{error}{getattr(error, 'hint', '')}")
    if made:
        say(f"已生成《{title}》{made} 份：{folder}")
    for remark in remarks:
        say(f"说明：{remark}", style="dim")
    return 1 if made < len(cases) else 0


def _with_progress(items: Sequence[str], words: str) -> Iterator[str]:
    import sys

    from rich.console import Console
    from rich.progress import track

    yield from track(items, words, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _render_one(at: "Office", document_id: int, target: Path, on: date | None) -> int:
    """A draft as it would look; an issued document written again, and compared with what is on file."""
    from office.papers.papers import draw, original, rewritten
    from workflow.issuing import find, paper_of

    suffix = target.suffix.lower()
    with at.reading() as session:
        found = find(session, document_id)
        title = found.title
        if found.status == "void" and not found.snapshot:
            raise BadInput(f"文书 {document_id}《{title}》是已作废的草稿，不再生成。")
        if not found.snapshot:
            data, remarks = draw(at, session, paper_of(session, found, on=on), suffix)
            write_file(target, data)
            _say_made(title, target, remarks)
            return 0
        if on:
            raise BadInput(f"文书 {document_id}《{title}》已出具，成文日期为 {found.issued_on}，不能另写 --on。")
        stored = original(at, session, document_id, suffix)
        again = next((data for name, data in rewritten(at, found).items() if name.endswith(suffix)), b"")
    if again != stored:
        say_error(
            f"文书 {document_id}《{title}》重新生成的与存档原件不一致（本机字体或程序版本与出具时不同），没有写出："
            f"原件请用 minecase document files {document_id} --out 目录 取出"
        )
        return EXIT_FOUND
    write_file(target, again)
    say(f"已按存档重新生成《{title}》，与原件逐字节一致：{target}")
    return 0
