"""Documents that show every part of a paper at once, for the tests of the .docx."""

from dataclasses import replace

from notifications.documents.model import Annex, Cell, Column, Imprint, OfficialDocument, Paragraph, Span, Table
from tests.notifications.documents.case_data import composed

CODE = "K7M2-9QXA"
LONG_NAME = "演示甲乙丙丁戊己庚辛壬癸矿业" * 14 + "有限公司"
COPIES = "演示县人民政府办公室，演示县应急管理局，演示县公安局，演示县林业局，演示县生态环境局"
IMPRINT = Imprint(COPIES, "演示县自然资源局办公室", "2026年11月23日")


def long_table(rows: int) -> Table:
    """A list over several pages with a name of 200 characters in it."""
    columns = (Column(1, "center"), Column(4, "left"), Column(2, "left"))
    names = ("演示矿", LONG_NAME, *["演示矿"] * (rows - 2))
    return Table(
        columns, _row("序号", "矿山名称", "备注"), tuple(_row(str(n), name, "—") for n, name in enumerate(names, 1))
    )


def _row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(((Span(text),),)) for text in texts)


def notice(**changes: object) -> OfficialDocument:
    """A notice with one page's text, its code and 版记."""
    given = {"annexes": (), "imprint": IMPRINT, "check_code": CODE, **changes}
    return replace(composed("survey_notice", number="演自然资发〔2026〕12号"), **given)  # type: ignore[arg-type]


def filled() -> OfficialDocument:
    """Pages full of text."""
    return notice(blocks=tuple(Paragraph((Span(text),)) for text in ("国" * 2000, "特此通知。")))


def mixed() -> OfficialDocument:
    """A sheet that lies across between sheets that stand upright."""
    across, upright = (Annex(f"演示矿山一览表{n}", (long_table(30),), landscape=n == 1) for n in (1, 2))
    return notice(annexes=(across, upright, Annex("另纸")))
