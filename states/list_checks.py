"""What ought to hold of the rows of the annexes, beside the plan's own criteria: each row against itself and its list.

Periods and bounds that are ours (a short term, a plausible thickness) only point to what a person should look at.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from states import licence
from states import yardsticks as y
from states.answers import Answer, unknown
from states.listed import WAYS, Check, Look, numbered

#: A term of fewer days looks like a stop-gap.
_SHORT = 92
#: Tons in a cubic metre of limestone, dolomite or sandstone, and metres of workable rock that nobody would wonder at.
_DENSITY, _THIN, _THICK = Decimal("2.65"), 3, 200
_STONE = ("灰岩", "白云岩", "砂岩", "石料")
_COMPANY = ("公司", "集团")
_BODY = (*_COMPANY, "厂", "矿", "社", "委员会", "村委会", "政府", "中心", "部", "站", "场", "局", "院", "队", "店")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_PLACE = re.compile(r"[\u3400-\u9fff]{1,4}?[镇乡]")


def _one_way(look: Look) -> Answer:
    ticked = "、".join(WAYS.get(way, way) for way in look.row.ways)
    look.known.note("ways")
    if len(look.row.ways) == 1:
        return Answer(True, (f"勾选{ticked}",))
    return Answer(False, (f"勾选了 {len(look.row.ways)} 栏{f'（{ticked}）' if ticked else ''}",))


def _way_fits_expiry(look: Look) -> Answer:
    until, cutoff = look.known.day("valid_to"), look.ground.yardsticks.licence_cutoff
    if until is None or len(look.row.ways) != 1:
        return unknown(*(() if until else ("valid_to",)), *(() if len(look.row.ways) == 1 else ("ways",)))
    look.known.note("ways")
    soon, way = until <= cutoff, look.row.ways[0]
    words = f"许可证 {until} 到期，{'不晚于' if soon else '晚于'} {cutoff}，勾选{WAYS.get(way, way)}"
    return Answer(soon == (way == "closure"), (words,))


def _year_of_expiry(look: Look) -> Answer:
    until, year = look.known.day("valid_to"), look.known.number("exit_year")
    if until is None or year is None:
        return unknown(*(n for n, v in (("valid_to", until), ("exit_year", year)) if v is None))
    return Answer(int(year) == until.year, (f"关闭退出时间 {year} 年，许可证 {until} 到期",))


def _valid_when_published(look: Look) -> Answer:
    until, issued = look.known.day("valid_to"), look.ground.issued_on
    if until is None:
        return unknown("valid_to")
    words = "方案印发时已经到期" if until < issued else "方案印发时仍在有效期内"
    return Answer(until >= issued, (f"许可证有效期至 {until}，方案 {issued} 印发，{words}",))


def _whole_term(look: Look) -> Answer:
    start, until = look.known.day("valid_from"), look.known.day("valid_to")
    if start is None or until is None:
        return unknown(*(n for n, v in (("valid_from", start), ("valid_to", until)) if v is None))
    days = (until - start).days + 1
    return Answer(days >= _SHORT, (f"有效期 {start} 至 {until}，共 {days} 天",))


def _holder_fits_name(look: Look) -> Answer:
    name, holder = look.row.name, str(look.row.facts.get("holder") or "").strip()
    if not holder:
        return unknown("holder")
    look.known.note("name", "holder")
    if holder == name:
        return Answer(None, (f"采矿权人与矿山同名（{holder}），是企业、个体还是集体，名录看不出来",))
    person = is_person(holder)
    if person and any(word in name for word in _COMPANY):
        return Answer(False, (f"矿山名称“{name}”是公司名称，采矿权人“{holder}”像是自然人姓名",))
    if any(word in name for word in _COMPANY) and any(word in holder for word in _COMPANY):
        bare = _BRACKETS.sub("", name)
        if holder not in name and bare not in holder:
            return Answer(None, (f"矿山名称“{name}”与采矿权人“{holder}”是两个公司名称",))
    kind = "像是自然人姓名" if person else "是村（居）民委员会" if "委员会" in holder else "是单位名称"
    return Answer(True, (f"采矿权人“{holder}”{kind}，与矿山名称没有明显不一致",))


def is_person(holder: str) -> bool:
    """Whether a name reads like a person's: two to four characters that name no body."""
    return bool(_PERSON.fullmatch(holder)) and not holder.endswith(_BODY)


def _below_medium(look: Look) -> Answer:
    """A mine of medium scale with enough resources left could be kept: that it is listed all the same wants a word."""
    answer = y.medium(look.known, "scale")
    scale = look.known.number("scale")
    rows = y.matching(look.ground.yardsticks.scales, look.text("mineral"), look.text("mineral_use"))
    exact = answer.value and len(rows) == 1 and rows[0].medium == scale
    return ~Answer(answer.value, (*answer.words, *(("恰好等于下限",) if exact else ())), answer.needs)


def _number(look: Look) -> Answer:
    number = look.text("licence_number")
    if not number:
        return unknown("licence_number")
    found = licence.parse(number)
    if found is None:
        return Answer(False, (f"“{number}”不对：{licence.FORMAT}",))
    return Answer(
        True, (f"{number}：机关 {found.region}，{found.issued}，中间四位 {found.middle}，顺序号 {found.serial}",)
    )


def _remark(about: str) -> Callable[[Look], Answer]:
    """A check of what the licence number says about one thing."""

    def test(look: Look) -> Answer:
        number = look.text("licence_number")
        start = look.known.day("valid_from") if about == "month" else None
        mineral = look.text("mineral") if about == "mineral" else ""
        if licence.parse(number) is None:
            return unknown("licence_number")
        said = licence.remarks(number, valid_from=start, mineral=mineral, registrars=look.ground.registrars)
        for remark in said:
            if remark.about == about:
                return Answer(remark.level == "info", (remark.sentence.rstrip("。"),))
        missing = {"month": "valid_from", "mineral": "mineral"}.get(about, "")
        if missing == "mineral" and mineral:
            return Answer(None, (f"矿种“{mineral}”没有可对照的规律",))
        return unknown(missing)

    return test


def _serial(look: Look) -> Answer:
    found = licence.parse(look.text("licence_number"))
    if found is None:
        return unknown("licence_number")
    other = look.index.serials.against(found)
    if other:
        return Answer(None, (f"顺序号 {found.serial}（{found.issued}）与 {other} 的先后不一致，只作提示",))
    return Answer(True, (f"顺序号 {found.serial}（{found.issued}）与名录中其他许可证的先后一致",))


def _township(look: Look) -> Answer:
    township = look.text("township")
    return Answer(True, (f"所在乡(镇)：{township}",)) if township else unknown("township")


def _once(look: Look) -> Answer:
    row, number = look.row, look.text("licence_number")
    look.known.note("name")
    everywhere = (*look.index.names.get(row.name, ()), *look.index.numbers.get(number, ()))
    same = [place for place in dict.fromkeys(everywhere) if place != row.place]
    if same:
        return Answer(False, (f"与{'、'.join(same)}的名称或许可证号相同",))
    return Answer(True, ("名录中没有同名或同号的行",))


def _characters(look: Look) -> Answer:
    """Fonts that hold GB 2312 alone leave such characters out of a paper."""
    look.known.note("name")
    words = look.row.name + str(look.row.facts.get("holder") or "") + str(look.row.facts.get("location") or "")
    odd = "".join(dict.fromkeys(char for char in words if not _in_gb2312(char)))
    if odd:
        return Answer(False, (f"“{odd}”不在 GB 2312 字符集内，只含该字符集的公文字体印不出来",))
    return Answer(True, ("用字都在 GB 2312 字符集内",))


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _within_plan(look: Look) -> Answer:
    year, stick = look.known.number("transfer_year"), look.ground.yardsticks
    if year is None:
        return unknown("transfer_year")
    first, last = stick.master_plan_from, stick.master_plan_to
    return Answer(first <= year <= last, (f"拟出让年度 {year}，总体规划期 {first}—{last} 年",))


def _given(name: str, words: str) -> Callable[[Look], Answer]:
    def test(look: Look) -> Answer:
        answer = look.known.is_given(name)
        return answer if answer.value else unknown(name, words=words)

    return test


def _siblings(look: Look) -> Answer:
    base, own = numbered(look.row.name)
    look.known.note("name")
    if not own:
        return Answer(True, ("名称不带序号",))
    others = [numeral for numeral in look.index.numerals.get(base, {}) if numeral not in (own, "")]
    if others:
        return Answer(True, (f"名称带“{own}”，名录中有“{'、'.join(sorted(others))}”",))
    return Answer(None, (f"名称带序号“{own}”，名录中没有与它成组的其他序号",))


def _thickness(look: Look) -> Answer:
    amount, area, mineral = (
        look.known.number("predicted_resource"),
        look.known.number("area"),
        look.text("mineral"),
    )
    if amount is None or not area or not mineral:
        given = (("predicted_resource", amount), ("area", area), ("mineral", mineral))
        return unknown(*(name for name, value in given if not value))
    if not any(stone in mineral for stone in _STONE):
        return Answer(None, (f"没有“{mineral}”的体重可用来折算",))
    metres = amount / _DENSITY / (area * 100)
    words = f"{amount} 万吨 ÷ {_DENSITY} 吨/立方米 ÷ {area} 平方公里，折合厚度约 {metres:.0f} 米"
    return Answer(_THIN <= metres <= _THICK, (words,))


def _located(look: Look) -> Answer:
    location, name = look.text("location"), look.row.name
    if not location:
        return unknown("location")
    look.known.note("name")
    county = look.ground.county
    named, there = (_PLACE.match(text.removeprefix(county)) for text in (name, location))
    if not named or not there:
        return Answer(None, (f"名称或地理位置“{location}”看不出乡镇",))
    return Answer(named[0] == there[0], (f"名称中的乡镇是{named[0]}，地理位置在{there[0]}",))


_CONFIRM = (
    "达到中型且剩余服务年限达到方案标准的，可以单独保留，列入名录应写明其他情形；规模标准是否仍然有效，须由人核对"
)
_CODE = "照采矿许可证核对"

EXIT_CHECKS: tuple[Check, ...] = (
    Check("L1", "关闭取缔、引导退出只勾一栏", "附件2", _one_way, "由县政府在名录中明确一种方式"),
    Check("L2", "方式与许可证到期日相符", "三(二)1(2)", _way_fits_expiry, "写明不按到期日划分的理由，或按三(二)重新认定方式"),
    Check("L3", "关闭退出时间与许可证到期在同一年", "附件2", _year_of_expiry, "写明关闭退出时间的由来"),
    Check("L4", "方案印发时许可证仍在有效期内", "三(二)1(2)", _valid_when_published, "查明到期后是否停采、是否申请或获准延续"),
    Check("L5", f"有效期不少于 {_SHORT} 天（核对用的界线，方案没有规定）", "三(二)1(2)", _whole_term,
          "查明短期延续的原因和批件"),
    Check("L6", "采矿权人与矿山名称相符", "附件2", _holder_fits_name,
          "照采矿许可证、营业执照核对采矿权人；文书送达许可证上的采矿权人"),
    Check("L7", "现有生产规模低于中型", "三(二)3(1)", _below_medium, _CONFIRM),
    Check("L8", "采矿许可证号书写合规", "附件2", _number, _CODE),
    Check("L9", "登记（发证）机关明确，知道由谁注销", "五(二)¶1", _remark("region"), "照采矿许可证核对，并登记发证机关"),
    Check("L10", "号码中的年月不晚于有效期起", "附件2", _remark("month"), _CODE),
    Check("L11", "号码第 14 位与矿种相符（按规律推断）", "附件2", _remark("mineral"), _CODE),
    Check("L12", "号码的顺序号与年月先后一致（只作提示）", "附件2", _serial, _CODE),
    Check("L13", "所在乡(镇)明确，知道由谁牵头关闭", "五(二)¶8", _township),
    Check("L14", "名录中没有重复的行", "附件2", _once, "核对是否重复列入"),
    Check("L15", "名称、采矿权人的用字公文字体都有", "附件2", _characters, "文书出具前看字体说明，按证照用字，不改字"),
)  # fmt: skip

NEW_CHECKS: tuple[Check, ...] = (
    Check("M1", "预测资源量达到中型矿床", "三(二)4(2)", lambda look: y.deposit(look.known), "按现行矿床规模标准和用途由人认定"),
    Check("M2", "写明用途", "三(二)4(2)", _given("mineral_use", "附件3没有用途一栏")),
    Check("M3", "写明资源量依据", "三(二)4(2)", _given("resource_basis", "附件3只列预测资源量")),
    Check("M4", "写明拟定生产规模", "三(二)4(2)", _given("planned_scale", "附件3没有生产规模一栏")),
    Check("M5", "拟出让年度在总体规划期内", "三(二)4(1)", _within_plan, "写明所依据的新一期规划"),
    Check("M6", "名称中的序号在名录中成组", "附件3", _siblings, "查明同组的其他矿业权是已设、拟设还是没有"),
    Check("M7", f"面积与资源量相称（折合厚度 {_THIN} 至 {_THICK} 米，核对用的界线）", "附件3", _thickness,
          "核对面积、资源量的单位和小数点"),
    Check("M8", "名称中的乡镇与地理位置一致", "附件3", _located, "核对名称和地理位置"),
    Check("M9", "名录中没有重复的行", "附件3", _once, "核对是否重复列入"),
    Check("M10", "名称、地理位置的用字公文字体都有", "附件3", _characters, "文书出具前看字体说明，按地名用字，不改字"),
)  # fmt: skip
