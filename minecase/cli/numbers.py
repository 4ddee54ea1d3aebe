"""Commands about 文号: register a 代字, see the series, see the register of numbers."""

from typing import Annotated

import typer

from minecase.cli.common import EXIT_FOUND, AsUser, Json, office, print_json, read_list, say, say_error
from workflow.errors import BadInput, NotFound

numbers = typer.Typer(help="发文代字和文号。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    numbers.command(name="add")(add)
    numbers.command(name="list")(list_)
    numbers.command(name="register")(register_)
    app.add_typer(numbers, name="numbers")


def add(
    word: Annotated[str, typer.Argument(help="代字，例如 阳自然资发")],
    organ: Annotated[str, typer.Option(help="发文单位")],
    source: Annotated[str, typer.Option(help="依据（批准代字的文件或登记簿）")],
    user: AsUser,
    kinds: Annotated[str, typer.Option(help="只用于这些文种（编号或代号，用逗号隔开）；不给则用于该单位其余各种")] = "",
    year: Annotated[str, typer.Option(help="纸质登记簿用到哪一年，默认今年")] = "",
    last: Annotated[str, typer.Option(help="该年已用到第几号")] = "",
) -> None:
    """登记发文代字；系统自下一号起编号，不跳号、不重号。"""
    from office.papers.number_register import register_series
    from workflow.register import actor_named

    if year and not last:
        raise BadInput("写了 --year，也请用 --last 写明该年已用到第几号。")
    with office().writing() as session:
        said = register_series(
            session, word, organ, read_list(kinds), year=year, last=last, source=source,
            actor=actor_named(session, user),
        )  # fmt: skip
    say(said)


def list_(json: Json = False) -> None:
    """已登记的代字：单位、文种、各年用到第几号。"""
    from office.papers.number_register import series_rows

    with office().reading() as session:
        rows = series_rows(session)
    if json:
        print_json(rows)
        return
    for row in rows:
        used = "、".join(f"{year}年 {last} 号" for year, last in row["last"].items()) or "还没有编号"
        titles = "、".join(row["titles"]) or "不限文种"
        say(f"{row['word']}　{row['organ']}　{titles}　{used}　{row['added_by']}：{row['source']}")
    say(f"共 {len(rows)} 个代字。", style="bold")


def register_(
    word: Annotated[str, typer.Argument(help="代字；不给则全部")] = "",
    year: Annotated[str, typer.Option(help="年份；不给则全部")] = "",
    json: Json = False,
) -> int:
    """发文登记簿：每个文号给了哪份文书；作废的保留并记明理由。"""
    from office.papers.number_register import gaps, number_rows, whole
    from workflow.numbering import series_of

    wanted = whole(year, "年份", 2100) if year else 0
    with office().reading() as session:
        if word and word not in {series.word for series in series_of(session)}:
            raise NotFound(f"没有登记过代字“{word[:30]}”：请用 minecase numbers list 查看。")
        rows, lost = number_rows(session, word, wanted), gaps(session, word, wanted)
    if json:
        print_json(rows)
    else:
        for row in rows:
            about = " ".join(part for part in (row["case"], row["mine"]) if part)
            parts = [row["number"], f"《{row['title']}》", about, row["given_on"], row["given_by"]]
            void = f"（作废：{row['void_reason']}）" if row["void_reason"] else ""
            say("　".join(part for part in parts if part) + void)
        say(f"共 {len(rows)} 个文号{'' if lost else '，连续无缺号'}。", style="bold")
    for line in lost:
        say_error(line)
    return EXIT_FOUND if lost else 0
