"""How a case, a list of cases and a preview look on a terminal."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from minecase.cli.common import days_words, text


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _cell(value: object, style: str = "") -> Text:
    return Text(text(value), style=style)


def _due(row: Mapping[str, Any]) -> Text:
    if row["suspended_on"]:
        return _cell(f"中止（自 {row['suspended_on']}）", "yellow")
    if row["due_on"] is None:
        return _cell(row["no_deadline"] or "待明确", "dim")
    days = int(row["days_left"])
    style = "bold red" if days < 0 else "yellow" if days <= 30 else ""
    return _cell(f"{row['due_on']}\n{days_words(days)}", style)


def status(out: Console, rows: list[dict[str, Any]], as_of: str) -> None:
    """The office's table: overdue first, with who must act and what stands in the way."""
    overdue = sum(1 for r in rows if r["days_left"] is not None and r["days_left"] < 0)
    soon = sum(1 for r in rows if r["days_left"] is not None and 0 <= r["days_left"] <= 30)
    table = _table(f"整治台账（{as_of}）", "案件", "矿山", "方式 / 环节", "最近期限", "下一步", "由谁办", "办理条件")
    for row in rows:
        step = next(iter(row["next"]), None)
        table.add_row(
            _cell(row["case"]), _cell(row["mine"]), _cell(f"{row['procedure_label']}\n{row['state_label']}"), _due(row),
            _cell(f"{step['title']}\n{step['clause']}" if step else "—"), _cell(step["lead"] if step else "—"),
            _conditions(step),
        )  # fmt: skip
    out.print(table)
    out.print(f"共 {len(rows)} 件在办：逾期 {overdue} 件，30 日内到期 {soon} 件。", style="bold")


def _conditions(step: Mapping[str, Any] | None) -> Text:
    if step is None:
        return _cell("—")
    lines = [f"● {b}" for b in step["blockers"]]
    asked = [f["label"] for f in step["fields"] if f["required"]]
    if asked:
        lines.append(f"○ 须填写：{'、'.join(asked)}")
    return _cell("\n".join(lines) or "可以办理", "" if lines else "green")


def case(out: Console, found: Mapping[str, Any]) -> None:
    """One case, whole."""
    out.print(f"{found['case']}  {text(found['mine'])}", style="bold")
    out.print(f"{found['procedure_label']} · {found['state_label']} · 第 {found['version']} 次记录")
    facts = {"采矿权人": found["holder"], "矿种": found["mineral"], "乡(镇)": found["township"] or "待明确",
             "牵头": found["lead"]}  # fmt: skip
    out.print("　".join(f"{k}：{text(v)}" for k, v in facts.items() if v))
    _deadlines(out, found)
    for step in found["next"]:
        _step(out, step)
    for title, key, line in (
        ("待明确事项", "open_values", "{label}（{name}）— 向 {asked_of} 核实，{clause}"),
        ("证照", "permits", "{kind} {number} 有效期至 {valid_to}"),
        ("并行事项", "tracks", "{case} {subject} {state_label}"),
        ("文书", "documents_on_file", "{title}（{kind}）{status} {drafted_on}"),
        ("材料", "evidence_on_file", "{evidence}：{filename} {size} 字节"),
        ("期限变更", "deadline_changes", "{trigger}：{old_due} → {new_due}，{reason}（{basis}）{actor}"),
    ):
        if found[key]:
            out.print(title, style="bold")
            for row in found[key]:
                out.print("  " + line.format(**{k: text(v) if v is not None else "—" for k, v in row.items()}))
    out.print("办理记录", style="bold")
    for event in found["history"]:
        out.print(f"  {event['occurred_on']} {event['title']}（{event['trigger']}） {event['actor']}")


def _deadlines(out: Console, found: Mapping[str, Any]) -> None:
    for row in found["deadlines"]:
        mark = "（暂定）" if row["provisional"] else ""
        out.print(
            f"期限：{row['title']} {row['due_on'] or '待明确'}{mark} {days_words(row['days_left'])}"
            f" — {row['basis']}：{row['rule']}（{row['source']}）"
        )


def _step(out: Console, step: Mapping[str, Any]) -> None:
    kind = "特殊情形" if step["exceptional"] else "下一步"
    out.print(f"{kind}：{step['title']}（{step['trigger']}）— {step['lead']}，{step['clause']}", style="bold")
    for blocker in step["blockers"]:
        out.print(f"  ● {text(blocker)}", style="yellow")
    for f in step["fields"]:
        need = "" if f["required"] else "（可不填）"
        choices = "：" + "、".join(f"{v}={k}" for k, v in f["choices"].items()) if "choices" in f else ""
        out.print(f"  ○ {f['label']}{need}  --field {f['name']}=…{choices}")


def preview(out: Console, rows: Iterable[Mapping[str, Any]], *, bodies: bool) -> int:
    """Notices in order; answers their number."""
    count = 0
    for count, row in enumerate(rows, start=1):
        address = "" if row["reachable"] else "（缺联系方式）"
        name = row["payload"].get("recipient") or ("工作组办公室" if row["kind"] == "heartbeat" else "责任单位未登记")
        out.print(f"{row['planned_on']}  {text(name)}{address}  {text(row['subject'])}")
        if bodies:
            out.print(textwrap.indent(row["body"].rstrip(), "    "))
    return count
