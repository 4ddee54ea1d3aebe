"""Documents out of cases that went their real way through the command line."""

from pathlib import Path

import docx
import pytest

from tests.cli.program import Program, fields
from tests.cli.test_commands import HOSTILE, demand_rectification, issue_order

PROMISES = {"plan_by": "2027-01-31", "design_by": "2027-06-30", "works_by": "2028-03-31", "acceptance_by": "2028-06-30"}


def words(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.fixture
def upgrade(program: Program) -> str:
    """An upgrade with its commitment letter drafted; answers the case's number."""
    program("organ", "add", "township_demo", "演示县演示镇人民政府", "--kind", "township").done()
    opened = program(
        "open", "upgrade", "演示二号石灰岩矿", "--as", "office", "--demo", "--json",
        *fields(holder="演示二号矿业公司", mineral="石灰岩", scale="10", township="township_demo",
                licence_number="C1405002016117130143398", valid_from="2016-11-29", valid_to="2030-11-29"),
    )  # fmt: skip
    case = str(opened.done().json["case"])
    program("advance", case, "prepare_commitment", "--as", "natural_resources",
            *fields(target_scale="30", remaining_life="12", **PROMISES)).done()  # fmt: skip
    return case


def test_a_commitment_letter_carries_the_holders_promises(program: Program, upgrade: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.docx"
    before = program.dump()
    said = program("document", "render", "upgrade_commitment", upgrade, "--out", str(out)).done().out
    assert "升级改造承诺书" in said
    assert str(out) in said
    text = words(out)
    assert "演示二号矿业公司" in text
    assert "2027年1月31日" in text
    assert program.dump() == before, "rendering reads only"


def test_a_rectification_order_carries_its_grounds_and_hostile_text_literally(program: Program, tmp_path: Path) -> None:
    case = demand_rectification(program)
    issue_order(program, case, requirements=HOSTILE)
    for kind in ("rectification_order", "责令限期整改通知书"):
        out = tmp_path / f"{kind}.docx"
        program("document", "render", kind, case, "--out", str(out), "--on", "2026-11-23").done()
        text = words(out)
        assert HOSTILE in text
        assert "演示法第一条" in text
        assert "2026年12月31日" in text


def test_a_document_of_a_step_that_was_not_taken_names_what_is_missing(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "order.docx"
    sentence = program.unharmed("document", "render", "rectification_order", "2-1", "--out", str(out), code=1)
    assert "整改" in sentence
    assert not out.exists()


def test_an_existing_file_is_replaced_whole(program: Program, upgrade: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.docx"
    out.write_bytes(b"old")
    program("document", "render", "upgrade_commitment", upgrade, "--out", str(out)).done()
    assert out.read_bytes()[:2] == b"PK"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["letter.docx"]
