"""Commands about the files of documents: upload, files, identify, and a county's own forms."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minecase.cli.common import (
    EXIT_FOUND,
    AsUser,
    Json,
    office,
    print_json,
    read_id,
    say,
    write_file,
)  # fmt: skip
from minecase.cli.paper_life import Id
from workflow.errors import BadInput, os_reason

if TYPE_CHECKING:
    from office.papers.paper_records import Identified

template = typer.Typer(help="本县自备的 Word 模板。", no_args_is_help=True)
Kind = Annotated[str, typer.Argument(help="种类：代号、编号（F27）或名称")]


def register(document: typer.Typer) -> None:
    for command in (upload, files, identify):
        document.command()(command)
    template.command(name="add")(template_add)
    template.command(name="list")(template_list)
    template.command(name="remove")(template_remove)
    document.add_typer(template, name="template")


def upload(
    id: Id,
    file: Annotated[Path, typer.Argument(help="文件")],
    role: Annotated[str, typer.Option(help="edited（修改后的文件）或 sealed（盖章、签字扫描件）")],
    user: AsUser,
    note: Annotated[str, typer.Option(help="说明")] = "",
) -> None:
    """为已出具的文书存入一个新版本；原件保留。"""
    from workflow import clock
    from workflow.records import checked_text
    from workflow.register import actor_named
    from workflow.service import upload as take

    at, document_id = office(), read_id(id)
    words = checked_text(note, "说明") if note else ""
    stored, data = at.store.read(file)
    with at.writing() as session:
        actor = actor_named(session, user)
        version = take(session, document_id, stored, role, actor=actor, on=clock.today(), text=words)
        at.store.keep(stored, data)
        number = version.n
    say(f"已存入文书 {document_id} 的第 {number} 份文件：{stored.filename}（{stored.sha256}）。")


def files(
    id: Id,
    out: Annotated[Path | None, typer.Option("--out", help="把各份文件写到这个目录")] = None,
    json: Json = False,
) -> None:
    """一份文书的全部文件及其 SHA-256；可写到目录。"""
    from office.papers.paper_records import files_of
    from office.papers.papers import kept

    at, document_id = office(), read_id(id)
    with at.reading() as session:
        rows = files_of(session, document_id)
    if out:
        found = [(f"{row['n']}_{row['filename']}", kept(at, row["sha256"], row["filename"])) for row in rows]
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"建不了目录“{out}”（{os_reason(error)}）：请核对路径和权限。") from None
        for name, data in found:
            write_file(out / name, data)
    if json:
        print_json(rows)
        return
    for row in rows:
        note = f"　{row['note']}" if row["note"] else ""
        say(
            f"{row['n']}  {row['role_label']}　{row['filename']}　{row['size']} 字节　{row['added_on']}　{row['added_by']}{note}"
        )
        say(f"   SHA-256 {row['sha256']}")
    say(f"共 {len(rows)} 份文件{f'，已写到 {out}' if out else ''}。", style="bold")


def identify(
    file: Annotated[str, typer.Argument(help="文件，或纸面页脚的核验码（例如 K7M2-9QXA）")], json: Json = False
) -> int:
    """一份文件或一个核验码是哪一件文书；改过的 .docx、PDF 逐处指出。退出码 0 一致，5 改过，1 查不到。"""
    from notifications.documents.identify import looks_like_code
    from office.papers.paper_records import by_code, by_file

    at, code = office(), looks_like_code(file)
    if code and not Path(file).exists():
        with at.reading() as session:
            found = by_code(session, code)
        changed = False
    else:
        stored, data = at.store.read(Path(file))
        with at.reading() as session:
            found = by_file(at, session, stored, data)
        changed = not found.exact
    if json:
        print_json({"records": found.records, "exact": found.exact, "changes": [str(c) for c in found.changes],
                    "problem": found.problem})  # fmt: skip
    else:
        _show_identified(found, changed=changed)
    return EXIT_FOUND if changed else 0


def _show_identified(found: "Identified", *, changed: bool) -> None:
    for place, row in enumerate(found.records):
        about = "，".join(part for part in (row["case"], row["mine"]) if part)
        days = f"，成文 {row['issued_on']}" if row["issued_on"] else ""
        say(
            f"文书 {row['id']}《{row['title']}》{row['number']}（{about or row['issuer']}），{row['status_label']}{days}，"
            f"核验码 {row['check_code']}。",
            style="bold",
        )
        if row["void_reason"]:
            say(f"注意：本件已作废（{row['void_reason']}）。", style="red")
        if found.exact:
            say(f"与{found.exact[place]}逐字节一致。")
    if changed:
        say(f"文件与原件不同{f'，共 {len(found.changes)} 处' if found.changes else ''}：", style="red")
    for line in [str(change) for change in found.changes] + [found.problem] * bool(found.problem):
        say(f"  ● {line}")


def template_add(kind: Kind, file: Annotated[Path, typer.Argument(help="Word 模板 .docx")], user: AsUser) -> None:
    """启用本县自备的 Word 模板，代替系统模板；有问题的一次列全，不启用。"""
    from office.papers.own_forms import refuse_unfit
    from workflow import clock
    from workflow.county_forms import add_form
    from workflow.paper import kind_named
    from workflow.register import actor_named

    at, found = office(), kind_named(kind)
    stored, data = at.store.read(file)
    refuse_unfit(found, stored, data)
    with at.writing() as session:
        add_form(session, found, stored, actor=actor_named(session, user), on=clock.today())
        at.store.keep(stored, data)
    say(f"《{found.title}》今后用“{stored.filename}”生成；已出具的不变。")


def template_list(json: Json = False) -> None:
    """在用的自备模板。"""
    from workflow.county_forms import forms_in_use

    with office().reading() as session:
        rows = forms_in_use(session)
    if json:
        print_json(rows)
        return
    for row in rows:
        say(f"{row['kind']:<36}《{row['title']}》{row['filename']}　{row['added_on']}　{row['added_by']}")
    say(f"共 {len(rows)} 个自备模板。", style="bold")


def template_remove(kind: Kind, user: AsUser) -> None:
    """停用自备模板，恢复系统模板。"""
    from workflow import clock
    from workflow.county_forms import remove_form
    from workflow.paper import kind_named
    from workflow.register import actor_named

    found = kind_named(kind)
    with office().writing() as session:
        remove_form(session, found, actor=actor_named(session, user), on=clock.today())
    say(f"《{found.title}》已恢复使用系统模板。")
