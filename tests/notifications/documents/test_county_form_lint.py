"""What is said about a form on upload: what is wrong, where, and what to write instead."""

import docx
import pytest

from notifications.documents.county import check_form
from notifications.documents.county.child import answer
from states.documents import BY_ID
from tests.notifications.documents.county_form_data import changed, form, problems, saved

SENTENCES = {
    "矿名：{{ mine.nmae }}": "正文“矿名：{{ mine.nmae }}”处：没有“mine.nmae”这个字段：是不是“mine.name”（矿山名称）？",
    "{{ rectify_by }}": "没有“rectify_by”这个字段：是不是“facts.rectify_by”（整改期限）？",
    "{{ 矿山名称 }}": "没有“矿山名称”这个字段：是不是“mine.name”（矿山名称）？",
    "{{ zzzzzzzz }}": "没有“zzzzzzzz”这个字段：请按字段清单改写。",
    "{{ mine }}": "“mine”是一组数据，不能整个打印：请写明字段，如 mine.name。",
    "{{ mine[case.number] }}": "只能直接写出字段名，如 mine.name。",
    "{{ mine.name|cndate }}": "没有“cndate”这个过滤器：是不是“cn_date”？",
    "{{ mine.name|safe }}": "没有“safe”这个过滤器",
    "{{ facts.amount|money(2) }}": "过滤器“money”后面不带括号",
    "{{ facts.request|lines|bare }}": "过滤器“lines”要写在最后",
    "{{ mine.name": "占位符的语法不对",
    "{{ mine.name｜bare }}": "占位符的语法不对：有不该出现的字符“｜”（占位符里要用半角符号）。",
    "{% if mine.name %}甲": "占位符的语法不对：有 if 或 for 没有写结束语句（endif、endfor）。",
    "{% repeat mine.name %}": "占位符的语法不对：不认识“repeat”这个语句，只能用 if、for、set。",
    "{ mine.name }": "“{ mine.name }”不会被填写：字段要用两对半角花括号，如 {{ mine.name }}。",
    "｛｛mine.name｝｝": "不会被填写：字段要用两对半角花括号",
    "{{r mine.name }}": "“{{r”这种写法不能用：字段一律写作 {{ 字段 }}，不加前缀。",
    "{% include 'x' %}": "不能用“include 引入”：格式里只能写字段、过滤器和 if、for、set。",
    "{% import 'x' as x %}": "不能用“import 引入”",
    "{% extends 'x' %}": "不能用“extends 继承”",
    "{% macro x() %}{% endmacro %}": "不能用“macro 宏”",
    "{% call mine.name() %}{% endcall %}": "不能用“call 调用”",
    "{% autoescape false %}{{ mine.name }}{% endautoescape %}": "不能用“autoescape 块”",
    "{% set x %}甲{% endset %}": "不能用“成块的 set”",
    "{% set mine = 1 %}": "不能给“mine”另外赋值",
    "{{ range(9) }}": "不能用“函数调用”",
    "{{ mine.name.upper() }}": "不能用“函数调用”",
    "{{ mine.__class__ }}": "没有“mine.__class__”这个字段",
    "{{ ''.__class__ }}": "只能直接写出字段名",
    "{{ 'x' * 9 }}": "不能用“乘法”",
    "{{ 9 ** 9 }}": "不能用“乘方”",
    "{{ mine.name + mine.name }}": "不能用“计算”",
    "{% if mine.scale > 3 %}{% endif %}": "不能比较大小：只能用 ==、!=、in 来判断。",
    "{% for x in facts.opinions recursive %}{% endfor %}": "不能用递归循环",
    "{% for x in facts.opinions %}{{ x.orgn }}{% endfor %}": "没有“x.orgn”这个字段：是不是“facts.organ”（单位）？",
    "没有字段": "整个文件：没有一个字段，填不进任何内容：请在要填的地方写上字段，如 {{ mine.name }}。",
}


def test_each_fault_has_its_sentence() -> None:
    """Asked in this process: starting one for each would take longer than all other tests of forms."""
    for text, sentence in SENTENCES.items():
        reply, _ = answer({"numbered": False}, form(text))
        assert sentence in "\n".join("：".join(problem) for problem in reply["problems"]), text


def test_all_faults_are_told_at_once_with_the_words_around_them() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "抬头 {{ issuer.nam }}"
    document.sections[0].footer.paragraphs[0].text = "页脚 {{ plan.titel }}"
    document.add_table(rows=1, cols=1).cell(0, 0).text = "格内 {{ case.numbr }}"
    places = [problem.place for problem in check_form(saved(document), BY_ID["supervision_slip"])]
    assert places == [
        "正文“格内 {{ case.numbr }}”处", "页眉“抬头 {{ issuer.nam }}”处", "页脚“页脚 {{ plan.titel }}”处",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["rectification_order", "survey_notice", "assistance_letter"])
def test_a_paper_with_a_number_has_a_place_for_it(kind: str) -> None:
    assert "请在文号的位置写上 {{ number }}" in problems(form("{{ mine.name }}"), kind)
    assert problems(form("{{ mine.name }}{{ number }}"), kind) == ""


def test_statements_that_cross_paragraphs_are_found_before_anybody_fills_the_form() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text = "{% if facts.adjustment %}范围"
    table.cell(1, 0).text = "{{ facts.adjustment }}"
    document.add_paragraph("以外{% endif %}")
    assert "if、for 与段落或表格的边界交叉：整段的语句写 {%p … %}" in problems(saved(document))


def test_conditions_lists_and_joined_texts_are_allowed() -> None:
    text = (
        "{% set 名 = mine.name %}{% if not facts.result or 名 in ['甲', '乙'] and mine.holder != '丙' %}{{ 名 ~ '号' }}"
        "{% else %}{{ '有' if facts.reason else '无' }}{% endif %}{# 说明 #}{{ facts.opinions[0].organ|sentence }}"
        "{% for o in facts.opinions if o.organ %}{{ loop.index }}{% if not loop.last %}、{% endif %}{% endfor %}"
    )
    assert problems(form(text)) == ""


def test_quotes_that_word_has_curled_do_no_harm() -> None:
    assert problems(form("{% if mine.name == “甲” %}{{ mine.name }}{% endif %}")) == ""


def with_xml(xml: str) -> bytes:
    return changed(form("{{ mine.name }}"), "word/document.xml", "<w:body>", f"<w:body><w:p>{xml}</w:p>")


def field(code: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        ("<w:ins><w:r><w:t>甲</w:t></w:r></w:ins>", "正文：有未处理的修订"),
        ('<w:r><w:commentReference w:id="1"/></w:r>', "正文：有批注"),
        (field(" DDEAUTO c:\\cmd "), "有 Word 域“DDEAUTO”"),
        (field(" IF</w:instrText><w:instrText>X "), "有 Word 域“IFX”"),
        (field("").replace("<w:instrText>", f"{field('INCLUDETEXT x')}<w:instrText>"), "有 Word 域“INCLUDETEXT”"),
        ('<w:fldSimple w:instr="INCLUDEPICTURE x"/>', "有 Word 域“INCLUDEPICTURE”"),
        (field(" REF {{ mine.name }} "), "有 Word 域“REF”"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE x</w:instrText></w:r>', "域“DDE”"),
    ],
)
def test_what_word_would_do_by_itself_is_refused(xml: str, sentence: str) -> None:
    assert sentence in problems(with_xml(xml))


def test_page_numbers_are_welcome() -> None:
    assert problems(with_xml(field(" PAGE \\* MERGEFORMAT ") + '<w:fldSimple w:instr="NUMPAGES"/>')) == ""
