"""What the values in document templates are called in Chinese; the list of what a case must know for its papers."""

from collections.abc import Mapping
from functools import cache

#: Facts by field name.
FACTS: dict[str, str] = {
    "acceptance_by": "承诺：申请验收日期",
    "accepted_on": "验收日期",
    "adjustment": "范围调整情况",
    "amount": "金额",
    "answer": "意见",
    "answered_on": "反馈日期",
    "approval_date": "批准日期",
    "approval_number": "批准文号",
    "breach": "违法（义务履行不到位）事实",
    "checklist": "关闭标准各项内容",
    "checklist_passed": "关闭标准各项全部合格",
    "closing_summary": "关闭实施情况",
    "closure_standard": "所依据的关闭标准",
    "contact": "联系人和电话",
    "coordinates": "拐点坐标",
    "demand_days": "催告的履行期限（工作日数）",
    "design_by": "承诺：完成设计日期",
    "design_opinion": "初步设计审查意见",
    "document_number": "送达文书的文号",
    "document_title": "送达文书的名称",
    "due_on": "原定办结日期",
    "exit_mode": "关闭退出方式",
    "exit_year": "关闭退出年度",
    "experts_present": "专家参加",
    "extension_basis": "延期依据",
    "extension_reason": "延期理由",
    "findings": "查明的事实（复查情况、不合格项）",
    "harm": "不履行的后果（污染环境、破坏自然资源等事实）",
    "hearing_outcome": "陈述申辩、听证情况",
    "holder_address": "当事人住所（地址）",
    "land_scheme": "采矿用地方案及林草衔接",
    "layers_checked": "禁止采矿区域图层已核查",
    "legal_basis": "法律依据（法律名称和条款）",
    "legal_ground": "关闭事由",
    "listed_on": "列入日期",
    "location": "地理位置",
    "measures_by": "承诺：报送整改方案日期",
    "mineral_use": "矿产用途",
    "opinion": "意见内容",
    "opinions": "各单位意见",
    "organ": "单位",
    "patrol_plan": "后期监管安排",
    "pay_account": "收款账户",
    "pay_by": "缴纳期限",
    "permit_number": "证照编号",
    "permit_valid_to": "证照有效期至",
    "plan_by": "承诺：报送工作方案日期",
    "planned_scale": "拟定生产规模（万吨/年）",
    "planning_basis": "所依据的规划",
    "proposed_route": "整治方式",
    "publicity_from": "公示开始日期",
    "publicity_to": "公示截止日期",
    "reason": "理由",
    "rectify_by": "整改期限",
    "registrar_name": "登记（发证）机关",
    "reinspection_result": "复查结论",
    "remaining_life": "剩余可采资源服务年限（年）",
    "remedy": "救济途径（复议、诉讼的机关和期限）",
    "reply_by": "要求反馈日期",
    "representative": "法定代表人（负责人）",
    "request": "请求协助（办理）的事项",
    "requirements": "要求的内容",
    "resource_basis": "资源量依据",
    "restore_by": "修复治理期限",
    "result": "审核（验收、整改）意见",
    "scale_class": "矿床和生产规模等级",
    "scale_standard": "所用规模划分标准",
    "served_on": "送达日期",
    "signer": "签发人",
    "stop_on": "停产日期",
    "stopped_on": "实际停产日期",
    "substitute_content": "代履行的方式和标的",
    "substitute_cost": "代履行费用预算",
    "substitute_from": "代履行时间",
    "survey_by": "调查摸底报送日期",
    "survey_facilities": "设施投入水平",
    "survey_on": "踏勘日期",
    "survey_operation": "生产经营状况",
    "survey_penalties": "行政处罚及整改进度",
    "survey_permits": "证照办理情况",
    "target_scale": "提升后生产规模（万吨/年）",
    "third_party": "代履行人",
    "transfer_materials": "移送的材料",
    "transfer_to": "移送单位",
    "transfer_year": "拟出让年度",
    "village_present": "村（居）民委员会参加",
    "villagers_present": "村民代表参加",
    "works_by": "承诺：完成改造日期",
}
#: Everything else by path.
OTHERS: dict[str, str] = {
    "mine.name": "矿山名称",
    "mine.holder": "采矿权人",
    "mine.credit_code": "统一社会信用代码",
    "mine.mineral": "开采矿种",
    "mine.township": "所在乡（镇）",
    "mine.licence_number": "采矿许可证号",
    "mine.scale": "生产规模（万吨/年）",
    "mine.area": "矿区面积（平方公里）",
    "mine.location": "地理位置",
    "mine.valid_from": "采矿许可证有效期起",
    "mine.valid_to": "采矿许可证有效期止",
    "case.number": "案件编号",
    "case.state": "办理环节",
    "issuer.name": "发文机关",
    "recipient.name": "主送（受送达）单位",
    "office.as_of": "截至日期",
    "office.week_from": "本周开始日期",
    "office.week_to": "本周结束日期",
    "office.chain_head": "链头（记录校验值）",
    "office.counts": "统计",
    "office.by_route": "按整治方式统计",
    "office.by_state": "按办理环节统计",
    "office.rows": "所列矿山（案件、材料）",
    "office.moved": "本周办理事项",
    "office.report": "报表数据",
    "office.check": "名录核对结果",
    "office.survey": "调查摸底汇总",
    "plan.number": "方案文号",
    "plan.title": "方案名称",
}
#: What is inside the lists and counts of `office`.
_INNER: dict[str, str] = {
    "closed": "已办结数", "count": "数量", "date": "日期", "due_soon": "近期到期数", "lead": "责任单位", "maker": "责任者",
    "mine": "矿山名称", "mineral": "开采矿种", "name": "名称", "next": "下一环节", "number": "编号", "occurred_on": "办理日期",
    "open": "在办数", "overdue": "逾期数", "route": "整治方式", "state": "当前环节", "step": "办理事项", "title": "题名",
    "total": "总数",
}  # fmt: skip


def label(path: str) -> str:
    """The Chinese name of a value (`facts.breach`, `facts.opinions.2.unit`), or its path where there is none."""
    group, _, rest = path.partition(".")
    name, *inner = rest.split(".")
    whole = FACTS.get(name) if group == "facts" else OTHERS.get(f"{group}.{name}")
    if whole is None:
        return path
    return whole + "".join(_INNER.get(part) or FACTS.get(part, f"第{part}项") for part in inner)


@cache
def _choices() -> dict[str, dict[str, str]]:
    """The choices of every field that a step asks for, by field name."""
    from states.registry import PROCEDURES  # late: only who fills a template pays for loading all procedures

    found: dict[str, dict[str, str]] = {}
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            for field in step.fields:
                found.setdefault(field.name, {}).update(field.choices or {})
    found["exit_mode"] = found["proposed_route"]  # how the annex of the plan calls it
    return {
        name: {key: text.replace("(", "（").replace(")", "）") for key, text in choices.items()}
        for name, choices in found.items()
        if choices
    }


def chosen(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with the label in place of the identifier wherever a step asked for a choice."""
    return {name: _chosen(name, value) for name, value in facts.items()}


def _chosen(name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return [chosen(item) if isinstance(item, Mapping) else item for item in value]
    return _choices().get(name, {}).get(value, value) if isinstance(value, str) else value
