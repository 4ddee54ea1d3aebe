"""A county's own form, filled: the values where it wants them, nothing else changed, the same bytes each time."""

import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.documents.county import render_form
from notifications.documents.errors import BadForm, BadValue, OpenValues
from states.fields import printable
from tests.notifications.documents.case_data import case_data
from tests.notifications.documents.county_form_data import changed, county_form, form, lines_of, parts, problems, saved
from tests.notifications.evil import EVIL


def test_a_form_without_fault_has_no_problems() -> None:
    assert problems(county_form(), "rectification_order") == ""


def test_every_value_stands_where_the_form_wants_it() -> None:
    lines = list(lines_of(render_form(county_form(), case_data(number="演自然资〔2026〕7号"))))
    assert lines[0] == "演示县自然资源局　演自然资〔2026〕7号"
    assert "演示青石岭石灰岩矿整改通知" in lines
    assert "采矿权人：演示青石岭矿业有限公司，乡镇：演示县演示镇" in lines
    assert "期限：2026年12月23日；费用：1234567.80元（大写：壹佰贰拾叁万肆仟伍佰陆拾柒元捌角）" in lines
    assert "☑合格　1. 治理采场边坡\n2、补提恢复基金" in lines
    assert "2026年11月23日" in lines
    assert "依据：演示县实施方案" in lines
    assert not any("范围调整" in line or "{" in line for line in lines)
    table = ["单位", "意见", "1.演示水务局", "无意见", "2.演示公路局", "有意见", "3.演示林业局", "未答复"]
    assert lines[-8:] == table


def test_a_ledger_reads_what_the_office_keeps() -> None:
    data = form(
        "{% for row in office.rows %}{{ row.mine }}剩{{ row.days_left }}天{% endfor %}共{{ office.counts.total }}"
    )
    assert problems(data, "ledger") == ""
    office = {"rows": [{"mine": "演示甲矿", "days_left": 3}], "counts": {"total": 1}}
    assert "演示甲矿剩3天共1" in list(lines_of(render_form(data, case_data(office=office))))


def test_number_and_date_are_room_for_the_pen_while_they_are_not_given() -> None:
    text = "\n".join(lines_of(render_form(form("{{ number }}", "{{ date|cn_date }}"), case_data(date=None))))
    assert text.split("\n")[1:3] == ["　　　　〔　　〕　　号", "　　年　　月　　日"]


def test_a_choice_is_printed_by_its_name_and_the_mine_stands_in_for_the_case() -> None:
    lines = list(lines_of(render_form(form("{{ facts.proposed_route }}", "{{ facts.holder }}"), case_data())))
    assert "guided_exit" not in "".join(lines)
    assert "引导退出" in lines[1]
    assert lines[2] == "演示青石岭矿业有限公司"


def test_all_open_values_are_named_at_once_in_chinese() -> None:
    with pytest.raises(OpenValues) as raised:
        render_form(county_form(), case_data(facts={}, mine__holder=" "), title="督办单", labels={"amount": "预算"})
    assert dict(raised.value.values) == {
        "mine.holder": "采矿权人",
        "facts.rectify_by": "整改期限",
        "facts.amount": "预算",
        "facts.requirements": "要求的内容",
        "facts.opinions": "各单位意见",
    }
    assert str(raised.value).startswith("《督办单》还有 5 项待明确")


def test_an_open_value_in_a_header_and_in_a_row_is_named_too() -> None:
    rows = [{"organ": "演示水务局"}, {"organ": ""}]
    with pytest.raises(OpenValues) as raised:
        render_form(county_form(), case_data(facts__opinions=rows, plan={}, issuer={}))
    assert [path for path, _ in raised.value.values] == ["facts.opinions.2.organ", "issuer.name", "plan.title"]


def test_a_value_of_the_wrong_kind_is_refused_in_one_sentence() -> None:
    with pytest.raises(BadValue, match="“明年”不是日期"):
        render_form(county_form(), case_data(facts__rectify_by="明年"))


def test_a_form_that_is_wrong_is_refused_when_it_is_used_as_well() -> None:
    with pytest.raises(BadForm, match=r"《督办单》的自有格式不能使用：.*没有“mine\.nmae”这个字段"):
        render_form(form("{{ mine.nmae }}"), case_data(), title="督办单")


HOSTILE = ["甲 & 乙 <丙> \"丁\" '戊'", "{_{ x }_}", "</w:t></w:r></w:p>", "一\n二\t三\a四", "名" * 200]


def test_hostile_names_are_text_and_nothing_else() -> None:
    """All of them in one form: each is a row of its table."""
    names = [name for name in [*HOSTILE, *EVIL] if name.strip()]
    rows = [{"organ": name, "answer": name} for name in names]
    plain = [{"organ": "甲", "answer": "乙"} for _ in names]
    hostile, tame = (
        list(lines_of(render_form(county_form(), case_data(facts__opinions=values)))) for values in (rows, plain)
    )
    assert len(hostile) == len(tame)
    seen = "\n".join(hostile)
    for name in names:
        shown = re.sub(r"[\r\t]", " ", printable(name)).replace("\ufffe", "□").strip()
        assert shown in seen, name


def test_a_hostile_name_in_title_head_and_attribute_adds_no_paragraph() -> None:
    picture = changed(county_form(), "word/document.xml", "<w:body>", '<w:body><w:p w:rsidR="{{ mine.name }}"/>')
    hostile = render_form(picture, case_data(mine__name='"/><w:p/>{{ 7*7 }}', issuer__name="</w:t> & {{ 7*7 }}\ue000"))
    tame = render_form(picture, case_data())
    lines = list(lines_of(hostile))
    assert len(lines) == len(list(lines_of(tame)))
    assert any('"/><w:p/>{{ 7*7 }}整改通知' in line for line in lines)
    assert lines[0].startswith("</w:t> & {{ 7*7 }}□")


@settings(deadline=None, max_examples=10)
@given(st.text(min_size=1).filter(str.strip))
def test_any_text_at_all_stays_one_paragraph(text: str) -> None:
    lines = list(lines_of(render_form(form("{{ mine.name }}"), case_data(mine__name=text))))
    assert len(lines) == 3


def test_a_statement_that_leaves_nothing_leaves_a_file_that_word_can_open() -> None:
    document = docx.Document()
    document.add_paragraph("{{ mine.name }}")
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "{%p if facts.adjustment %}"
    table.cell(0, 0).add_paragraph("有")
    table.cell(0, 0).add_paragraph("{%p endif %}")
    rendered = docx.Document(io.BytesIO(render_form(saved(document), case_data())))
    assert [paragraph.text for paragraph in rendered.tables[0].cell(0, 0).paragraphs] == [""]


def test_a_row_may_repeat_its_cells_and_a_text_box_holds_values_too() -> None:
    document = docx.Document()
    cells = document.add_table(rows=1, cols=4).rows[0].cells
    texts = ("单位", "{%tc for row in facts.opinions %}", "{{ row.organ }}", "{%tc endfor %}")
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text
    document.add_paragraph("框")
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{{ mine.name }}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    data = changed(saved(document), "word/document.xml", "<w:t>框</w:t></w:r>", f"<w:t>框</w:t></w:r>{box}")
    assert problems(data) == ""
    rendered = docx.Document(io.BytesIO(render_form(data, case_data())))
    table = rendered.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["单位", "演示水务局", "演示公路局", "演示林业局"]
    assert len(table.columns) == 4
    assert "<w:t>演示青石岭石灰岩矿</w:t>" in rendered.element.xml.replace(' xml:space="preserve"', "")


def test_the_makers_name_and_times_do_not_travel_along() -> None:
    document = docx.Document()
    document.add_paragraph("{{ mine.name }}")
    document.core_properties.author = "演示制表人{{ mine.name }}"
    core = parts(render_form(saved(document), case_data()))["docProps/core.xml"]
    assert "演示制表人" not in core.decode()
    assert b"<dcterms" not in core


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes(county_form())
    script = (
        "import hashlib, pathlib, sys\n"
        "from notifications.documents.county import render_form\n"
        "from tests.notifications.documents.case_data import case_data\n"
        "data = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "print(hashlib.sha256(render_form(data, case_data())).hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[3]
    seen = {
        subprocess.run(
            [sys.executable, "-c", script, tmp_path / "form.docx"],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}, cwd=root, check=True, capture_output=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    here = hashlib.sha256(render_form((tmp_path / "form.docx").read_bytes(), case_data())).hexdigest()
    assert seen == {here.encode()}
