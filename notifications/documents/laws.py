"""The laws that templates name, each with the versions that apply from a day on.

Only articles whose text has been read stand here; any other basis is typed by the official who answers for it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a law."""

    #: How a citation tells it from its neighbours; empty where there is only one.
    label: str
    effective_from: date
    effective_to: date | None
    #: How many articles it has.
    articles: int


@dataclass(frozen=True, slots=True)
class Law:
    name: str
    #: Oldest first.
    versions: tuple[Version, ...]

    @property
    def short(self) -> str:
        return self.name.removeprefix("中华人民共和国")


@dataclass(frozen=True, slots=True)
class Article:
    """An article that says a certain thing, from the version on that brought it."""

    law: str
    number: str
    effective_from: date


_REVISED = date(2025, 7, 1)
_COMPULSION = date(2012, 1, 1)
_LICENCE = date(2004, 7, 1)

LAWS: dict[str, Law] = {
    "mineral_resources": Law(
        "中华人民共和国矿产资源法",
        (
            Version("2009年修正", date(2009, 8, 27), date(2025, 6, 30), 53),
            Version("2024年修订", _REVISED, None, 80),
        ),
    ),
    "administrative_compulsion": Law("中华人民共和国行政强制法", (Version("", _COMPULSION, None, 71),)),
    "administrative_licence": Law("中华人民共和国行政许可法", (Version("", _LICENCE, None, 83),)),
}

ARTICLES: dict[str, Article] = {
    "right_expires": Article("mineral_resources", "第二十四条", _REVISED),
    "restoration_duty": Article("mineral_resources", "第四十五条", _REVISED),
    "restoration_acceptance": Article("mineral_resources", "第四十八条", _REVISED),
    "restore_or_else": Article("mineral_resources", "第七十一条", _REVISED),
    "demand": Article("administrative_compulsion", "第三十五条", _COMPULSION),
    "no_night": Article("administrative_compulsion", "第四十三条", _COMPULSION),
    "substitute": Article("administrative_compulsion", "第五十条", _COMPULSION),
    "substitute_procedure": Article("administrative_compulsion", "第五十一条", _COMPULSION),
    "working_days": Article("administrative_compulsion", "第六十九条", _COMPULSION),
    "licence_cancellation": Article("administrative_licence", "第七十条", _LICENCE),
}


def version(law: Law, on: date | None) -> Version | None:
    """The version in force on a day; the newest where there is no day, None before the first."""
    if on is None:
        return law.versions[-1]
    return next((v for v in reversed(law.versions) if v.effective_from <= on), None)


def cite(key: str, on: date | None) -> str:
    """A law as a document of that day names it: 《…法》, and its version where there is more than one."""
    law = LAWS[key]
    found = version(law, on)
    label = f"（{found.label}）" if found and found.label else ""
    return f"《{law.name}》{label}"


def cite_article(key: str, on: date | None) -> str | None:
    """An article as a document of that day cites it; None while it did not say this yet."""
    article = ARTICLES[key]
    if on is not None and on < article.effective_from:
        return None
    return cite(article.law, on) + article.number


_ANY_ARTICLE = re.compile(r"(?:法|条例|办法|规定)》?(?:[（(][^（）()]{1,12}[）)])?第[一二三四五六七八九十百零〇\d]+条")


def names_an_article(text: str) -> bool:
    """Whether a text names an article of any law or regulation."""
    return bool(_ANY_ARTICLE.search(text))


_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")}
_CITED = re.compile(
    "(?P<name>" + "|".join(re.escape(law.short) for law in LAWS.values()) + ")》?"
    r"(?:[（(](?P<label>\d{4}年(?:修[订正]|修改))(?:版|本)?[)）])?》?\s*"
    r"(?P<articles>第(?:[一二三四五六七八九十百零〇]+|\d+)条(?:[、和及，]?第(?:[一二三四五六七八九十百零〇]+|\d+)条)*)?"
)


_BY_SHORT = {law.short: law for law in LAWS.values()}


@lru_cache(maxsize=1024)
def wrong_citations(text: str, on: date) -> tuple[str, ...]:
    """What a text of that day cites that was not law yet, each in one sentence; papers of a day share most texts."""
    found = []
    for match in _CITED.finditer(text):
        law = _BY_SHORT[match["name"]]
        in_force = version(law, on)
        named = next((v for v in law.versions if v.label and v.label == match["label"]), None)
        if in_force is None or (named and named.effective_from > on):
            found.append(_not_yet(law, (named or law.versions[0]), match["label"] or "", on))
            continue
        # A version that has lapsed may still be named on purpose: it governs what was done while it was in force.
        found += _too_high(law, named or in_force, match["articles"] or "", on)
    return tuple(found)


def _not_yet(law: Law, wanted: Version, label: str, on: date) -> str:
    what = f"（{label}）" if label else ""
    return (
        f"《{law.short}》{what}自{_cn(wanted.effective_from)}起施行，成文日期{_cn(on)}时还没有施行，不能引用："
        "请改引当时有效的文本。"
    )


def _too_high(law: Law, used: Version, articles: str, on: date) -> list[str]:
    sentences = []
    for number in re.findall(r"第([^条]+)条", articles):
        if _number(number) <= used.articles:
            continue
        later = next((v for v in law.versions if v.effective_from > on and _number(number) <= v.articles), None)
        reason = (
            f"是{_cn(later.effective_from)}起施行的{later.label}版的条文，成文日期{_cn(on)}时还没有施行"
            if later
            else f"不存在：{used.label + '版' if used.label else '该法'}共{used.articles}条"
        )
        sentences.append(f"《{law.short}》第{number}条{reason}，请改引当时有效的条款。")
    return sentences


def _number(text: str) -> int:
    """`七十一` or `71` as 71."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text.replace("\u3007", "零"):
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
