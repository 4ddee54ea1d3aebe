"""名录核对: a row of a list as plain values, a check over it, and what the check finds.

A finding says what the list and the facts on record say. It accuses nobody and decides nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from states.answers import FACTS, Answer, Known
from states.licence import Serials
from states.rules import RULES, Verdict
from states.survey import ITEMS
from states.thresholds import Yardsticks

VERDICTS: dict[Verdict, str] = {"hit": "符合", "miss": "不符合", "unknown": "事实不足"}
_BY_ANSWER: dict[bool | None, Verdict] = {True: "hit", False: "miss", None: "unknown"}
#: What the facts of a row are called, beside those that the criteria read.
LABELS: Mapping[str, str] = {
    **FACTS, "name": "名称", "holder": "采矿权人", "valid_from": "采矿许可证有效期起", "ways": "关闭退出方式",
    "exit_year": "关闭退出时间",
    "township": "所在乡(镇)",
    "area": "矿区面积（平方公里）", "location": "地理位置",
}  # fmt: skip
CRITERIA = frozenset(rule.id for rule in RULES)
WAYS = {"closure": "关闭取缔", "guided_exit": "引导退出"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One row of annex 2 (a mine to be closed or to exit) or annex 3 (a planned block), or of a list of that shape."""

    annex: Literal[2, 3]
    #: What the list is called, and the row in it; 0 for a mine that the register alone has.
    list: str
    row: int = 0
    name: str
    #: Values by name: dates as days or ISO text, numbers as decimal text; `ways` are the columns that are ticked.
    facts: Mapping[str, object]
    #: Where the row itself comes from.
    origin: str
    #: Where a value comes from that is not the row's own.
    sources: Mapping[str, str] = field(default_factory=dict)
    #: The mine's code in the register; empty for one that is not registered.
    code: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        ticked = self.facts.get("ways")
        return tuple(str(way) for way in ticked) if isinstance(ticked, list | tuple) else ()

    @property
    def place(self) -> str:
        return f"{self.list}第{self.row}行" if self.row else f"{self.list} {self.code}"

    def source(self, name: str) -> str:
        return self.sources.get(name, self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the rows of a list are checked against."""

    yardsticks: Yardsticks
    #: Day on which the plan came out, and day of the check.
    issued_on: date
    today: date
    county: str
    #: Region of a licence number -> name of its registrar.
    registrars: Mapping[str, str]


class Index:
    """What the rows of one shape have in common: asked for each of them, built once."""

    def __init__(self, rows: Sequence[ListedRow]) -> None:
        self.names: dict[str, list[str]] = {}
        self.numbers: dict[str, list[str]] = {}
        self.numerals: dict[str, dict[str, None]] = {}
        for row in rows:
            self.names.setdefault(row.name, []).append(row.place)
            if number := str(row.facts.get("licence_number") or ""):
                self.numbers.setdefault(number, []).append(row.place)
            stem, numeral = numbered(row.name)
            self.numerals.setdefault(stem, {})[numeral] = None
        self.serials = Serials(self.numbers)


def numbered(name: str) -> tuple[str, str]:
    """A block's name without the numeral at its end, and the numeral: 甲石灰岩矿二 and 甲石灰岩二矿 are of one group."""
    bare = _BRACKETS.sub("", name).strip()
    found = _NUMERAL.search(bare)
    return (f"{bare[: found.start()]}矿", found[1] or found[2]) if found else (bare, "")


_NUMERAL = re.compile(r"(?:([一二三四五六七八九十])矿|矿([一二三四五六七八九十]))$")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Look:
    """One row under the eyes of a check, with the others of its list."""

    row: ListedRow
    index: "Index"
    ground: Ground
    known: Known

    def text(self, name: str) -> str:
        return self.known.text(name)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that ought to hold of a row; its title is the statement that the verdict is about."""

    id: str
    title: str
    clause: str
    test: Callable[[Look], Answer]
    #: What settles it when it does not hold or cannot be told.
    settle: str = ""

    def judge(self, look: Look) -> "Finding":
        answer = self.test(look)
        verdict = _BY_ANSWER[answer.value]
        advice = self.settle if verdict != "hit" else ""
        return finding(
            look, self.id, self.title, verdict, self.clause, "；".join(answer.words), answer.needs, advice
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of one row, of a whole list or of the plan itself."""

    #: Row, list or 方案.
    place: str
    #: Name and code of the mine; empty for a list as a whole.
    name: str
    code: str
    #: Identifier of the criterion (K1 … N4) or of the check (L1, M1, P1 …).
    rule: str
    title: str
    verdict: Verdict
    clause: str
    #: The facts and numbers that were used.
    said: str
    #: Where they come from.
    sources: tuple[str, ...]
    #: Names of the facts that would settle it, and what else a person should do.
    needs: tuple[str, ...] = ()
    advice: str = ""

    @property
    def settle(self) -> str:
        """What would settle it; what only has to be confirmed is said as such."""
        asked = asked_for(self.needs, "确认" if self.verdict == "hit" else "查明")
        return "；".join(part for part in (asked, self.advice) if part)

    @property
    def is_criterion(self) -> bool:
        """Whether the plan's own criterion is meant: 符合 then says that the case it describes is given."""
        return self.rule in CRITERIA

    @property
    def words(self) -> str:
        return VERDICTS[self.verdict]


def finding(
    look: Look, rule: str, title: str, verdict: Verdict, clause: str, said: str, needs: tuple[str, ...] = (),
    advice: str = "",
) -> Finding:  # fmt: skip
    """A finding about the row under the eyes, with the sources of the facts that were looked at."""
    row = look.row
    used = [name for name in look.known.used if name in LABELS and name != "as_of"]
    sources = dict.fromkeys(row.source(name) for name in used)
    if "as_of" in look.known.used:
        sources[f"核对日期 {look.ground.today}"] = None
    if not said:  # nothing is known, so nothing has a source
        said, sources = "名录和登记中都没有这项事实", {}
    return Finding(row.place, row.name, row.code, rule, title, verdict, clause, said, tuple(sources), needs, advice)


def organ_of(name: str) -> str:
    """Who is asked for a fact; empty where the plan does not say."""
    item = ITEMS.get(name)
    return item.asked_of.name if item else ""


def asked_for(names: Sequence[str], verb: str) -> str:
    """What has to be found out, each organ's items together; who is asked is the survey's word."""
    by_organ: dict[str, list[str]] = {}
    for name in names:
        by_organ.setdefault(organ_of(name), []).append(LABELS.get(name, name))
    parts = (f"{'、'.join(labels)}{f'（{organ}）' if organ else ''}" for organ, labels in by_organ.items())
    return f"{verb}：{'，'.join(parts)}" if names else ""
