"""Sums of money as a Chinese official document writes them, in figures and in capitals."""

from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def figures(amount: Decimal) -> str:
    """`12345.6` as `12345.60`."""
    return format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def capitals(amount: Decimal) -> str:
    """`12345.6` as 壹万贰仟叁佰肆拾伍元陆角. Takes sums from 0 to below 10^12; raises ValueError."""
    if not 0 <= amount < Decimal(10) ** 12:
        raise ValueError("金额超出范围")
    cents = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return (text or "零元") + "整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    """Groups of four digits; a gap inside a number is read as one 零."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        if not groups[place]:
            continue
        gap = text and (groups[place] < 1000 or not groups[place + 1])
        text += ("零" if gap else "") + _group(groups[place]) + _GROUPS[place]
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = bool(text)
    return text
