"""采矿许可证号: what its 23 characters say, held against the licence's validity, its mineral and the county's registrars.

Layout: C, six digits of the registrar's region, year and month of first issue, four digits, a serial. There is no
check digit. What the four digits mean is a pattern seen in published numbers, not a rule: it warns and never refuses.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Literal

Level = Literal["error", "warning", "info"]
_NUMBER = re.compile(r"C(\d{6})((?:19|20)\d{2})(0[1-9]|1[0-2])(\d{4})(\d{6})", re.ASCII)
#: First of the four digits -> words of the minerals that it was seen with.
_SEEN: Mapping[str, tuple[str, ...]] = {"3": ("铝土",), "7": ("砂岩", "陶瓷土", "瓷土", "石灰岩", "粘土", "黏土")}
FORMAT = "应为字母 C 加 22 位数字，共 23 位，其中第 8 至 13 位是年月，请照证抄录"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence number taken apart."""

    number: str
    #: Region of the organ that issued it, as in the organ's id `registrar_140500`.
    region: str
    year: int
    month: int
    #: Four digits, whose meaning is not published.
    middle: str
    serial: str

    @property
    def issued(self) -> str:
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know about a licence number."""

    #: What was looked at: format, region, month, mineral, serial.
    about: str
    level: Level
    sentence: str


def parse(number: str) -> Licence | None:
    """The parts of a number; None where it is not one."""
    found = _NUMBER.fullmatch(number.strip())
    if not found:
        return None
    region, year, month, middle, serial = found.groups()
    return Licence(found[0], region, int(year), int(month), middle, serial)


def remarks(number: str, *, valid_from: date | None, mineral: str, registrars: Mapping[str, str]) -> tuple[Remark, ...]:
    """What a number says that must be put right, looked into, or only known; `registrars`: region -> organ's name."""
    licence = parse(number)
    if licence is None:
        return (Remark("format", "error", f"许可证号“{number.strip()[:30]}”不对：{FORMAT}。"),)
    found = (_region(licence, registrars), _month(licence, valid_from), _mineral(licence, mineral))
    return tuple(remark for remark in found if remark)


def cancelled_by(licence: Licence, registrars: Mapping[str, str]) -> str:
    """The name of the organ that alone may cancel the licence; empty where it is not registered."""
    return registrars.get(licence.region, "")


def _region(licence: Licence, registrars: Mapping[str, str]) -> Remark | None:
    organ = cancelled_by(licence, registrars)
    if organ:
        return Remark(
            "region", "info",
            f"发证机关代码 {licence.region}：登记机关是{organ}。注销、变更和列入异常名录由该机关办理，县里只能提请（报请）。",
        )  # fmt: skip
    if not registrars:
        return Remark(
            "region", "warning", f"发证机关代码 {licence.region} 对应的登记机关还没有登记，无法确定向谁提请注销。"
        )
    known = "、".join(registrars)
    # A city's code ends in 00; its counties share the first four digits.
    cities = {region[:4] for region in registrars if not region.endswith("0000")}
    if licence.region[:4] in cities:
        return Remark(
            "region", "warning",
            f"发证机关代码 {licence.region} 属于本市，但没有登记这个机关（已登记 {known}）："
            f"请先登记单位 registrar_{licence.region}，才能向它提请注销。",
        )  # fmt: skip
    return Remark(
        "region", "warning",
        f"发证机关代码 {licence.region} 不是本县所在的市、省登记机关（已登记 {known}），请照证核对号码。",
    )  # fmt: skip


def _month(licence: Licence, valid_from: date | None) -> Remark | None:
    if valid_from is None:
        return None
    issued, start = (licence.year, licence.month), (valid_from.year, valid_from.month)
    if issued > start:
        return Remark(
            "month",
            "warning",
            f"号码中的年月是{licence.issued}，晚于有效期起 {valid_from}：号码在首次发证时编定，请照证核对。",
        )
    if issued == start:
        return Remark("month", "info", f"号码中的年月{licence.issued}与有效期起 {valid_from} 同月，是首期许可证。")
    return Remark(
        "month",
        "info",
        f"号码中的年月是{licence.issued}，早于有效期起 {valid_from}：是延续（换发）的许可证，号码不变。",
    )


def _mineral(licence: Licence, mineral: str) -> Remark | None:
    usual = next((digit for digit, words in _SEEN.items() if any(word in mineral for word in words)), "")
    if not usual:
        return None
    digit = licence.middle[0]
    if digit == usual:
        return Remark(
            "mineral", "info", f"第 14 位是 {digit}，按规律推断与矿种“{mineral}”相符（没有公布的规定，仅供参考）。"
        )
    return Remark(
        "mineral", "warning",
        f"第 14 位是 {digit}，按规律推断矿种“{mineral}”的号码这一位是 {usual}：没有公布的规定，请照证核对矿种和号码。",
    )  # fmt: skip


class Serials:
    """The licences of a list in the order of their serials: one serial runs through the whole country.

    A number that does not rise with year and month hints at a slip of the pen; it is no proof.
    """

    def __init__(self, numbers: Iterable[str]) -> None:
        known = {licence.number: licence for number in numbers if (licence := parse(number))}
        in_time = sorted(known.values(), key=lambda licence: (licence.year, licence.month))
        self._months = [(licence.year, licence.month) for licence in in_time]
        self._highest = list(accumulate(in_time, _higher))
        self._lowest = list(accumulate(reversed(in_time), _lower))[::-1]

    def against(self, licence: Licence) -> str:
        """The number of an older licence with a higher serial, or of a younger one with a lower; empty for none."""
        month = (licence.year, licence.month)
        before, after = bisect_left(self._months, month), bisect_right(self._months, month)
        if before and self._highest[before - 1].serial >= licence.serial:
            return self._highest[before - 1].number
        if after < len(self._months) and self._lowest[after].serial <= licence.serial:
            return self._lowest[after].number
        return ""


def _higher(one: Licence, other: Licence) -> Licence:
    return other if other.serial > one.serial else one


def _lower(one: Licence, other: Licence) -> Licence:
    return other if other.serial < one.serial else one
