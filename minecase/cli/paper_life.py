"""Commands about a document's life: draft, form, fill, issue, void, serve."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minecase.cli.common import (
    AsUser,
    Fields,
    Json,
    OnDay,
    office,
    print_json,
    read_day,
    read_id,
    read_list,
    read_pairs,
    say,
    say_error,
)  # fmt: skip
from workflow.errors import BadInput

if TYPE_CHECKING:
    from office.papers.papers import Result
    from office.running.installation import Office

Id = Annotated[str, typer.Argument(help="文书编号，见 minecase document list")]


def register(document: typer.Typer) -> None:
    for command in (draft, form, fill, issue, void, serve):
        document.command()(command)


def draft(
    kind: Annotated[str, typer.Argument(help="种类：代号、编号（F27）或名称")],
    user: AsUser,
    case: Annotated[list[str] | None, typer.Argument(help="案件编号；写几个就各起草一份")] = None,
    cases: Annotated[str, typer.Option("--cases", help="一份文书涉及的几个案件，用逗号隔开")] = "",
    issuer: Annotated[str, typer.Option(help="签发单位；不给则按规定")] = "",
    replaces: Annotated[str, typer.Option(help="更正哪一份已出具的文书：写它的编号")] = "",
    on: OnDay = "",
    json: Json = False,
) -> None:
    """起草文书（草稿），并列出还须填写的事项。"""
    from workflow import clock
    from workflow.issuing import draft as begin
    from workflow.register import actor_named

    at, day, joint = office(), read_day(on, "起草日期"), read_list(cases)
    if day > clock.today():
        raise BadInput(f"起草日期 {day} 在今天（{clock.today()}）之后，请核对。")
    # Cases are locked in one order by everyone.
    wanted = sorted(set(case or ())) or [""]
    old = read_id(replaces) if replaces else None
    if old and len(wanted) > 1:
        raise BadInput("--replaces 只能用于一个案件：一份已出具的文书只能由一份新的更正。")
    with at.writing() as session:
        actor = actor_named(session, user)
        made = [
            begin(session, kind, number, actor=actor, on=day, issuer=issuer, cases=joint, replaces=old).id or 0
            for number in wanted
        ]
    rows = [_form_row(at, document_id) for document_id in made]
    if json:
        print_json(rows)
        return
    for row in rows:
        _show_form(row, "已起草")


def _form_row(at: "Office", document_id: int) -> dict[str, Any]:
    """A document with what is open and what was typed for it."""
    from notifications.documents.labels import label
    from office.papers.paper_records import one
    from office.papers.papers import form as ask

    with at.reading() as session:
        row, asked = one(session, document_id), ask(at, session, document_id)
    typed = [
        {"name": name, "label": label(name if "." in name else f"facts.{name}"), "value": value}
        for name, value in sorted(asked.paper.typed.items())
        if isinstance(value, str)
    ]
    missing = [{"name": name, "label": words} for name, words in asked.missing]
    draft = row["status"] == "draft"
    return {**row, "open": missing if draft else [], "typed": typed, "problem": asked.problem if draft else ""}


def _name(row: dict[str, Any]) -> str:
    about = "，".join(part for part in (row["case"], row["mine"]) if part)
    return f"文书 {row['id']}《{row['title']}》" + (f"（{about}）" if about else "")


def _show_form(row: dict[str, Any], head: str) -> None:
    from office.papers.papers import typable

    missing = row["open"]
    ready = "可以出具" if row["status"] == "draft" and not row["problem"] else ""
    state = f"还有 {len(missing)} 项待填" if missing else ready
    say(f"{head}{_name(row)}{'：' + state if state else ''}。")
    for item in missing:
        where = "　取自登记，不在这里填写" if not typable(item["name"]) else ""
        say(f"  ○ {item['name']}　{item['label']}{where}")
    for item in row["typed"]:
        say(f"  ● {item['name']}　{item['label']}：{item['value']}")
    if row["problem"]:
        say(f"  ！ {row['problem']}", style="yellow")


def form(id: Id, json: Json = False) -> None:
    """一份文书的填写单：还须填写什么，已为它填写什么。"""
    row = _form_row(office(), read_id(id))
    if json:
        print_json(row)
    else:
        _show_form(row, f"{row['status_label']} ")


def fill(id: Id, user: AsUser, field: Fields = None) -> None:
    """填写只用于这一份文书的内容；填空值（名称=）就是撤回。"""
    from office.papers.papers import fill as type_in

    at, document_id, values = office(), read_id(id), read_pairs(field)
    if not values:
        raise BadInput("没有给出填写项：请用 --field 名称=值 填写，名称见 minecase document form。")
    type_in(at, document_id, values, user=user)
    _show_form(_form_row(at, document_id), "已填写")


def issue(
    user: AsUser,
    ids: Annotated[list[str] | None, typer.Argument(help="文书编号，可多个")] = None,
    every: Annotated[bool, typer.Option("--all-drafts", help="全部草稿，可用 --kind、--case 限定")] = False,
    kind: Annotated[str, typer.Option(help="只出具这一种文书的草稿")] = "",
    case: Annotated[str, typer.Option(help="只出具这一案件的草稿")] = "",
    on: Annotated[str, typer.Option("--on", help="成文日期，默认今天")] = "",
) -> int:
    """出具文书：编号、定稿、存档。一份出具不了，不影响其余各份。"""
    from rich.console import Console
    from rich.progress import Progress

    from office.papers.papers import issue_many

    at, day = office(), read_day(on, "成文日期")
    chosen = _chosen(at, ids or [], every=every, kind=kind, case=case)
    results: list[Result] = []
    alone = len(chosen) == 1 or not sys.stderr.isatty()
    try:
        with Progress(console=Console(stderr=True), transient=True, disable=alone, redirect_stdout=False) as bar:
            task = bar.add_task("出具文书", total=len(chosen))
            for result in issue_many(at, chosen, on=day, user=user):
                results.append(result)
                bar.update(task, advance=1, description=f"出具《{result.title}》")
    finally:
        # Also when the machine fails half-way: what is issued stays issued.
        _show_results(results)
    return 1 if any(result.problem for result in results) else 0


def _chosen(at: "Office", ids: Sequence[str], *, every: bool, kind: str, case: str) -> list[int]:
    from office.papers.paper_records import listed

    if bool(ids) == every or ((kind or case) and not every):
        raise BadInput("请给出文书编号，或者用 --all-drafts 出具全部草稿（可加 --kind、--case），两者只能选一种。")
    if ids:
        return list(dict.fromkeys(read_id(typed) for typed in ids))
    with at.reading() as session:
        found = [row["id"] for row in listed(session, case=case, kind=kind, status="draft")]
    if not found:
        raise BadInput("没有符合条件的草稿：请用 minecase document list --status draft 查看。")
    return found


def _show_results(results: "Sequence[Result]") -> None:
    for result in results:
        name = f"文书 {result.document}《{result.title}》{f'（{result.case}）' if result.case else ''}"
        if result.problem:
            said = f"{result.problem}{result.hint}"
            say_error(f"{name}没有出具：{said}" if result.title else said)
        else:
            say(f"已出具 {name}：{result.number or '不编文号'}。")
    for remark in dict.fromkeys(remark for result in results for remark in result.remarks):
        say(f"说明：{remark}", style="dim")
    if len(results) > 1:
        failed = sum(bool(result.problem) for result in results)
        say(f"共 {len(results)} 份：出具 {len(results) - failed} 份，未出具 {failed} 份。", style="bold")


def void(id: Id, user: AsUser, reason: Annotated[str, typer.Option(help="作废理由")]) -> None:
    """作废草稿或还没有送达的文书；已编的文号保留，记明理由，不再使用。"""
    from workflow import clock
    from workflow.issuing import void as cancel
    from workflow.register import actor_named

    with office().writing() as session:
        actor = actor_named(session, user)
        document = cancel(session, read_id(id), on=clock.today(), actor=actor, reason=reason)
        kept = f"，{document.number} 保留在发文登记中" if document.number else ""
        words = f"文书 {document.id}《{document.title}》已作废{kept}。"
    say(words)


def serve(
    id: Id,
    user: AsUser,
    receipt: Annotated[Path, typer.Option("--receipt", help="送达回证（扫描件）")],
    on: Annotated[str, typer.Option("--on", help="送达日期")],
    way: Annotated[
        str, typer.Option("--way", help="送达方式：直接送达（direct）、留置送达（leaving）、邮寄送达（post）等")
    ],
    by: Annotated[str, typer.Option("--by", help="送达人（两人），例如 “甲、乙”")],
    to: Annotated[str, typer.Option("--to", help="收件人（代收人）")],
) -> None:
    """登记送达。程序中有对应环节的，同时办理该环节，期限自送达之日起算。"""
    from states.forms import SERVICE_WAYS
    from workflow.register import actor_named
    from workflow.service import serve as record

    at, document_id = office(), read_id(id)
    given = {"served_on": on, "service_way": way, "served_by": by, "received_by": to}
    stored, data = at.store.read(receipt)
    with at.writing() as session:
        done = record(session, document_id, given, stored, actor=actor_named(session, user))
        # Kept before the commit and after the judgement: a refused service leaves nothing behind.
        at.store.keep(stored, data)
        session.refresh(done.document)
        words = (
            f"文书 {document_id}《{done.document.title}》已于 {done.document.served_on} {SERVICE_WAYS.get(way, way)}"
        )
    say(f"{words}{f'，同时办理了“{done.step}”环节' if done.step else ''}。")
