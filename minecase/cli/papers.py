"""Commands about documents."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from minecase.cli.common import console, office, read_day
from workflow.errors import BadInput, os_reason

document = typer.Typer(help="文书。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    document.command(name="kinds")(kinds)
    document.command(name="render")(render)
    app.add_typer(document, name="document")


def kinds() -> None:
    """文书种类、代号和有权签发的单位。"""
    from states.documents import KINDS

    for kind in KINDS:
        issuers = "、".join(p.name for p in kind.issuers)
        console().print(f"{kind.code:<5}{kind.id:<36}{kind.title}（{kind.form}；{issuers}）")


def render(
    kind: Annotated[str, typer.Argument(help="种类：代号、编号（F27）或名称")],
    case: Annotated[str, typer.Argument(help="案件编号")],
    out: Annotated[Path, typer.Option("--out", help="输出文件 .docx")],
    on: Annotated[str, typer.Option("--on", help="成文日期；不给则留空")] = "",
    issuer: Annotated[str, typer.Option(help="签发单位；无权签发的会被拒绝")] = "",
) -> None:
    """用案件数据生成一份文书（.docx）。有待明确事项时逐项指出，不生成。"""
    from notifications.documents.compose import compose
    from notifications.documents.docx import write_docx
    from workflow.paper import document_data, kind_named

    if out.suffix.lower() != ".docx":
        raise BadInput(f"输出文件“{out.name}”应以 .docx 结尾。")
    found = kind_named(kind)
    day = read_day(on, "成文日期") if on else None
    with office().reading() as session:
        data = document_data(session, found, case, on=day, issuer=issuer or None)
    _write(out, write_docx(compose(found, data)))
    console().print(f"已生成《{found.title}》：{out}")


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all."""
    try:
        handle, draft = tempfile.mkstemp(dir=target.absolute().parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(target)
    except OSError as error:
        raise BadInput(f"写不到“{target}”（{os_reason(error)}）：请核对目录是否存在、是否有权限。") from None
