"""How a case, a list of cases and a preview look on a terminal: a table where it is wide, blocks where it is not."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from minecase.cli.common import text
from minecase.cli.words import Words
from office.desk.day_words import days_words

#: Below this many columns seven columns of Chinese are no table any more.
_TABLE_FROM = 110


def _grid(rows: Iterable[tuple[str, Words]]) -> Table:
    """Marks or labels on the left, and text that hangs beside them."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for mark, words in rows:
        grid.add_row(Text(mark, style=words.style), words)
    return grid


def _hang(out: Console, mark: str, words: object, style: str = "", indent: int = 2) -> None:
    out.print(Padding(_grid([(mark, Words(words, style=style))]), (0, 0, 0, indent), expand=False))


def _due(row: Mapping[str, Any]) -> Words:
    if row["suspended_on"]:
        return Words("中止", f"自 {row['suspended_on']}", style="yellow")
    if row["due_on"] is None:
        return Words(row["no_deadline"] or "待明确", style="dim")
    days = int(row["days_left"])
    style = "bold red" if days < 0 else "yellow" if days <= 30 else ""
    return Words(row["due_on"], days_words(days), style=style)


def status(out: Console, rows: list[dict[str, Any]], as_of: str) -> None:
    """The office's table: overdue first, with who must act and what stands in the way."""
    overdue = sum(1 for r in rows if r["days_left"] is not None and r["days_left"] < 0)
    soon = sum(1 for r in rows if r["days_left"] is not None and 0 <= r["days_left"] <= 30)
    out.print(f"整治台账（{as_of}）", style="bold")
    if out.width < _TABLE_FROM:
        for row in rows:
            _block(out, row)
    else:
        out.print(_table(rows))
    out.print(f"共 {len(rows)} 件在办：逾期 {overdue} 件，30 日内到期 {soon} 件。", style="bold")


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(show_lines=True, expand=True)
    table.add_column("案件", no_wrap=True)
    for title, ratio in (("矿山", 5), ("方式 / 环节", 5)):
        table.add_column(title, ratio=ratio)
    # The longest of these is the number of days; a date must never break.
    table.add_column("最近期限", width=13)
    for title, ratio in (("下一步", 5), ("由谁办", 4), ("办理条件", 9)):
        table.add_column(title, ratio=ratio)
    for row in rows:
        step = next(iter(row["next"]), None)
        table.add_row(
            Words(row["case"]), Words(row["mine"]), Words(row["procedure_label"], row["state_label"]), _due(row),
            Words(step["title"], step["clause"]) if step else "—", Words(step["lead"]) if step else "—",
            _conditions(step),
        )  # fmt: skip
    return table


def _block(out: Console, row: Mapping[str, Any]) -> None:
    step, due = next(iter(row["next"]), None), _due(row)
    out.print(Text.assemble("\n", (text(row["case"]), "bold"), "  ", (text(row["mine"]), "bold")))
    lines = [
        ("环节", Words(f"{row['procedure_label']} · {row['state_label']}")),
        ("期限", Words("，".join(due.lines), style=due.style)),
    ]
    if step:
        lines += [("办理", Words(f"{step['title']}（{step['clause']}）")), ("由谁", Words(step["lead"]))]
    out.print(Padding(_grid(lines), (0, 0, 0, 2), expand=False))
    if step:
        out.print(Padding(_conditions(step), (0, 0, 0, 2), expand=False))


def _conditions(step: Mapping[str, Any] | None) -> RenderableType:
    if step is None:
        return "—"
    lines = [("●", Words(blocker, style="yellow")) for blocker in step["blockers"]]
    asked = [f["label"] for f in step["fields"] if f["required"]]
    if asked:
        lines.append(("○", Words(f"须填写：{'、'.join(asked)}")))
    return _grid(lines) if lines else Words("可以办理", style="green")


def case(out: Console, found: Mapping[str, Any]) -> None:
    """One case, whole."""
    out.print(f"{found['case']}  {text(found['mine'])}", style="bold")
    out.print(f"{found['procedure_label']} · {found['state_label']} · 第 {found['version']} 次记录")
    facts = {"采矿权人": found["holder"], "矿种": found["mineral"], "乡(镇)": found["township"] or "待明确",
             "牵头": found["lead"]}  # fmt: skip
    out.print(Words("，".join(f"{k}：{v}" for k, v in facts.items() if v)))
    _deadlines(out, found)
    for step in found["next"]:
        _step(out, step)
    for title, key, line in (
        ("待明确事项", "open_values", "{label}（{name}）：向 {asked_of} 核实，{clause}"),
        ("证照", "permits", "{kind} {number} 有效期至 {valid_to}"),
        ("并行事项", "tracks", "{case} {subject} {state_label}"),
        ("文书", "documents_on_file", "{title}（{kind}）{status} {drafted_on}"),
        ("材料", "evidence_on_file", "{evidence}：{filename}（{size} 字节）"),
        ("期限变更", "deadline_changes", "{trigger}：{old_due} → {new_due}，{reason}（{basis}）{actor}"),
    ):
        if found[key]:
            out.print(title, style="bold")
            for row in found[key]:
                _hang(out, "·", line.format(**{k: "—" if v is None else v for k, v in row.items()}))
    _criteria(out, found)
    _history(out, found)


def _criteria(out: Console, found: Mapping[str, Any]) -> None:
    """What the plan's criteria propose; while the route is still open also what they lack."""
    shown = {"hit": "符合", "unknown": "事实不足"} if found["procedure"] == "intake" else {"hit": "符合"}
    rows = [row for row in found["criteria"] if row["verdict"] in shown]
    if rows:
        out.print("方案标准（只供参考，由人决定）", style="bold")
    for row in rows:
        _hang(out, "·", f"{row['rule']} {shown[row['verdict']]}：{row['reason']}（{row['clause']}）")


def _history(out: Console, found: Mapping[str, Any]) -> None:
    from states.registry import PROCEDURES

    out.print("办理记录", style="bold")
    procedure = PROCEDURES.get(found["procedure"])
    for event in found["history"]:
        step = procedure.step(event["trigger"]) if procedure else None
        labels = {f.name: f.label for f in (step.fields if step else procedure.asks if procedure else ())}
        _hang(out, event["occurred_on"], f"{event['title']}（{event['trigger']}）{event['actor']}")
        if event["reason"]:
            _hang(out, "·", f"理由：{event['reason']}", "dim", 13)
        for name, value in event["fields"].items():
            _hang(out, "·", f"{labels.get(name, name)}：{value}", "dim", 13)


def _deadlines(out: Console, found: Mapping[str, Any]) -> None:
    for row in found["deadlines"]:
        mark = "（暂定）" if row["provisional"] else ""
        late = row["days_left"] is not None and row["days_left"] < 0
        _hang(
            out, "期限",
            f"{row['title']}：{row['due_on'] or '待明确'}{mark}，{days_words(row['days_left'])}"
            f"；{row['basis']}：{row['rule']}（{row['source']}）",
            "bold red" if late else "", 0,
        )  # fmt: skip


def _step(out: Console, step: Mapping[str, Any]) -> None:
    kind = "特殊情形" if step["exceptional"] else "下一步"
    _hang(out, kind, f"{step['title']}（{step['trigger']}）— {step['lead']}，{step['clause']}", "bold", 0)
    for blocker in step["blockers"]:
        _hang(out, "●", blocker, "yellow")
    for f in step["fields"]:
        need = "" if f["required"] else "（可不填）"
        choices = "：" + "、".join(f"{v}={k}" for k, v in f["choices"].items()) if "choices" in f else ""
        _hang(out, "○", f"{f['label']}{need} --field {f['name']}=…{choices}")


def preview(out: Console, rows: Iterable[Mapping[str, Any]], *, bodies: bool) -> int:
    """Notices in order; answers their number."""
    count = 0
    for row in rows:
        count += 1
        address = "" if row["reachable"] else "（缺联系方式）"
        name = row["payload"].get("recipient") or ("工作组办公室" if row["kind"] == "heartbeat" else "责任单位未登记")
        _hang(out, str(row["planned_on"]), f"{name}{address}：{row['subject']}", indent=0)
        for line in row["body"].rstrip().split("\n") if bodies else ():
            indent = 12 + len(line) - len(line.lstrip())
            out.print(Padding(Words(line.strip()), (0, 0, 0, indent), expand=False))
    return count
