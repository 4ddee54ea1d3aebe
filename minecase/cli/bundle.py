"""The command that makes a mine's volume."""

from pathlib import Path
from typing import Annotated

import typer

from minecase.cli.common import console, office


def register(app: typer.Typer) -> None:
    app.command()(bundle)


def bundle(
    case: Annotated[str, typer.Argument(help="案件编号，例如 2-4；同一矿山的各程序一并入卷")],
    out: Annotated[Path, typer.Option("--out", help="输出文件 .zip")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖同名文件")] = False,
) -> None:
    """一键成卷：文书、材料、意见、通知和办理记录合为一个 .zip，内附目录、清单和核验程序。"""
    from office.bundle.bundle import bundle as make

    made, screen = make(office(), case, out, overwrite=overwrite), console()
    screen.print(
        f"已成卷：{made.mine}（{made.case}）文书 {made.documents} 件、材料 {made.materials} 件，"
        f"共 {made.files} 个文件、{made.size / 1024 / 1024:.1f} MB：{out}"
    )
    for remark in made.remarks:
        screen.print(remark)
    screen.print("核验：解压后运行 python 核验.py；或 python 核验.py 加上案卷 .zip。")
