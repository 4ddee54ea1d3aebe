"""Laws are cited as they stand on the document's day; what was not law yet is never guessed."""

import re
from datetime import date

import pytest

from notifications.documents import laws
from notifications.documents.compose import OpenValues, templates_folder
from tests.notifications.documents.case_data import all_text, composed

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_the_versions_of_a_law_follow_each_other_without_gap_or_overlap() -> None:
    for law in laws.LAWS.values():
        for older, newer in zip(law.versions, law.versions[1:], strict=False):
            assert older.effective_to is not None
            assert (newer.effective_from - older.effective_to).days == 1
        assert law.versions[-1].effective_to is None
        assert all(version.label for version in law.versions) or len(law.versions) == 1


def test_every_article_exists_in_the_version_that_it_is_cited_from() -> None:
    for article in laws.ARTICLES.values():
        version = laws.version(laws.LAWS[article.law], article.effective_from)
        assert version is not None
        assert laws.wrong_citations(f"{laws.LAWS[article.law].short}{article.number}", article.effective_from) == ()


def test_the_name_follows_the_day_of_the_document() -> None:
    assert laws.cite("mineral_resources", BEFORE) == "《中华人民共和国矿产资源法》（2009年修正）"
    assert laws.cite("mineral_resources", AFTER) == "《中华人民共和国矿产资源法》（2024年修订）"
    assert laws.cite("mineral_resources", None) == "《中华人民共和国矿产资源法》（2024年修订）"
    assert laws.cite("administrative_compulsion", AFTER) == "《中华人民共和国行政强制法》"


def test_an_article_exists_only_from_its_day_on() -> None:
    assert laws.cite_article("restore_or_else", BEFORE) is None
    assert laws.cite_article("restore_or_else", AFTER) == "《中华人民共和国矿产资源法》（2024年修订）第七十一条"
    assert laws.cite_article("substitute", BEFORE) == "《中华人民共和国行政强制法》第五十条"


def test_a_document_takes_the_law_of_its_own_day_or_of_the_day_of_the_draft() -> None:
    law = "《中华人民共和国矿产资源法》"
    assert f"{law}（2009年修正）" in all_text(composed("upgrade_commitment", date=BEFORE))
    assert f"{law}（2024年修订）" in all_text(composed("upgrade_commitment", date=AFTER.isoformat()))
    assert f"{law}（2009年修正）" in all_text(composed("upgrade_commitment", date=None, today="2025-03-20"))
    assert f"{law}（2009年修正）" in all_text(composed("upgrade_commitment", date=BEFORE, today="2026-11-23"))
    assert f"{law}（2024年修订）" in all_text(composed("upgrade_commitment", date=None))


def test_before_its_day_an_article_gives_way_to_what_a_named_official_typed() -> None:
    assert "根据《演示法》第一条。和《演示县实施方案》" not in all_text(composed("restoration_acceptance", date=BEFORE))
    assert "根据《演示法》第一条" in all_text(composed("restoration_acceptance", date=BEFORE))
    assert "第四十八条" in all_text(composed("restoration_acceptance", date=AFTER))
    with pytest.raises(OpenValues, match="法律依据") as raised:
        composed("restoration_acceptance", date=BEFORE, facts__legal_basis=None)
    assert raised.value.values == (("facts.legal_basis", "法律依据（法律名称和条款）"),)


@pytest.mark.parametrize(
    "text",
    [
        "矿产资源法第七十一条", "《中华人民共和国矿产资源法》第七十一条", "《矿产资源法》第71条",
        "《中华人民共和国矿产资源法》（2024年修订）第二十四条", "《矿产资源法（2024年修订）》第四十五条",
        "依据《矿产资源法》第四十五条、第七十一条的规定",
    ],
)  # fmt: skip
def test_a_text_cannot_cite_what_was_not_law_on_its_day(text: str) -> None:
    (sentence,) = laws.wrong_citations(text, BEFORE)
    assert "2025年7月1日" in sentence
    assert "成文日期2025年6月30日" in sentence
    assert laws.wrong_citations(text, AFTER) == ()


@pytest.mark.parametrize(
    "text",
    [
        "《中华人民共和国矿产资源法》第四十四条", "《矿产资源法》（2009年修正）第三条", "行政强制法第五十一条",
        "《矿产资源法实施细则》第七十一条", "《演示条例》第七十一条", "矿产资源法和有关规定",
    ],
)  # fmt: skip
def test_what_was_law_may_be_cited(text: str) -> None:
    assert laws.wrong_citations(text, BEFORE) == ()


def test_a_lapsed_version_may_be_named_on_purpose_but_not_an_article_that_it_lacks() -> None:
    assert laws.wrong_citations("《矿产资源法》（2009年修正）第三条", AFTER) == ()
    assert laws.wrong_citations("《矿产资源法》（2009年修正）第七十一条", AFTER) == (
        "《矿产资源法》第七十一条不存在：2009年修正版共53条，请改引当时有效的条款。",
    )
    assert laws.wrong_citations("《行政强制法》第九十条", AFTER) == (
        "《行政强制法》第九十条不存在：该法共71条，请改引当时有效的条款。",
    )


@pytest.mark.parametrize(("text", "named"), [
    ("《演示法》第一条", True), ("演示条例第12条", True), ("《演示办法》（2019年修正）第三条", True), ("第一条意见", False),
])  # fmt: skip
def test_an_article_is_recognised(text: str, named: bool) -> None:
    assert laws.names_an_article(text) is named


def test_templates_cite_only_what_is_registered() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (templates_folder() / "documents").glob("*.md.j2"))
    assert set(re.findall(r'\blaw\("(\w+)"\)', source)) <= set(laws.LAWS)
    cited = set(re.findall(r'\barticle\("(\w+)"\)', source))
    assert {"restoration_acceptance", "substitute_procedure", "licence_cancellation"} <= cited <= set(laws.ARTICLES)
