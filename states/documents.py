"""The kinds of documents that the plan implies, and who may lawfully issue each.

Only what the office's organs issue themselves stands here. What others issue (批复, 注销通知,
成交确认书) is evidence that a step asks for.
"""

from dataclasses import dataclass
from typing import Literal

from states import parties as p
from states.parties import Party

Form = Literal["文件", "信函", "上行文", "承诺书", "法律文书", "表单", "台账"]
#: What a paper is about: one case, or the office's whole work (then of some cases where they are named).
Scope = Literal["case", "office", "either"]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document."""

    #: Number in the register of documents: F01 … F45, with a letter where one row holds two.
    code: str
    #: Identifier and name of its template (`templates/documents/<id>.md.j2`).
    id: str
    title: str
    form: Form
    #: Organs (or roles) that may issue it; anyone else is refused.
    issuers: tuple[Party, ...]
    #: Clause or law article that the power rests on.
    basis: str
    #: Why no other body may sign, printed when one tries.
    reserved: str = ""
    #: Whom it is addressed to, where that is not the holder.
    recipient: Party | None = None
    scope: Scope = "case"

    @property
    def is_enforcement(self) -> bool:
        return self.form == "法律文书"


_LAW_71 = "矿产资源法第七十一条"
_ENFORCE = "由法律授权的监管部门在各自职责内作出，工作组及其办公室是临时机构，没有执法主体资格"
_GOVERNMENT = "关闭由县人民政府决定，部门和工作组只能提请"
_OFFICE = (p.WORKING_GROUP, p.GROUP_OFFICE)


def _kind(
    code: str, id: str, title: str, form: Form, issuers: tuple[Party, ...], basis: str, reserved: str = ""
) -> DocumentKind:
    return DocumentKind(code, id, title, form, issuers, basis, reserved, _RECIPIENTS.get(id), _SCOPES.get(id, "case"))


#: Documents to an organ; all others go to the holder. 请示 and 报告 go up, one recipient each.
_RECIPIENTS: dict[str, Party] = {
    **dict.fromkeys(
        ("survey_report", "list_request", "closure_request", "compensation_request", "transfer_scope_report"),
        p.COUNTY_GOVERNMENT,
    ),
    **dict.fromkeys(("closure_report", "closing_report", "upgrade_commitment"), p.WORKING_GROUP),
    **dict.fromkeys(
        ("supervision_slip", "criticism_circular", "assistance_letter", "urging_letter"),
        p.SUBJECT_ORGAN,
    ),
    "supply_stop_letter": p.PUBLIC_SECURITY,
    "power_stop_letter": p.POWER,
    "rectification_commitment": p.ENFORCER,
}

#: Papers about more than one case. `either`: of one case, or one paper with a list of several.
_SCOPES: dict[str, Scope] = {
    **dict.fromkeys(
        ("survey_notice", "survey_report", "ledger", "weekly_report", "period_report", "list_check"), "office"
    ),
    **dict.fromkeys(("list_request", "list_announcement", "criticism_circular"), "either"),
}


KINDS: tuple[DocumentKind, ...] = (
    _kind("F01", "survey_notice", "关于开展非煤矿山调查摸底的通知", "文件", (*_OFFICE, p.NATURAL_RESOURCES), "四(一)"),
    _kind("F02", "ledger", "非煤矿山整治提升工作台账", "台账", (*_OFFICE, p.NATURAL_RESOURCES), "四(一)"),
    _kind("F03", "survey_report", "非煤矿山调查摸底情况报告", "上行文", (p.NATURAL_RESOURCES,), "四(一)"),
    _kind("F04", "list_request", "关于审定整治名录的请示", "上行文", (p.NATURAL_RESOURCES, p.WORKING_GROUP), "四(二)1"),
    _kind("F04B", "list_check", "名录核对情况表", "台账", (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "四(二)1"),
    _kind("F06", "list_announcement", "整治名录通告", "文件", (p.COUNTY_GOVERNMENT, p.NATURAL_RESOURCES), "四(二)1"),
    _kind("F07", "listing_notice", "列入整治名录告知书", "法律文书", (p.NATURAL_RESOURCES,), "四(二)1", _ENFORCE),
    _kind("F08", "closure_notice", "拟关闭事先(听证)告知书", "法律文书", (p.ENFORCER,), "三(二)1", _ENFORCE),
    _kind("F09", "closure_request", "关于提请关闭矿山的请示", "上行文", p.ENFORCERS, "五(二)"),
    _kind("F10", "closure_decision", "关闭决定书", "法律文书", (p.COUNTY_GOVERNMENT,), "三(二)1(5)", _GOVERNMENT),
    _kind("F11", "stop_notice", "停产通知书", "法律文书", (p.NATURAL_RESOURCES, p.EMERGENCY), "四(二)2", _ENFORCE),
    _kind("F12", "supply_stop_letter", "关于停供民爆物品(停电)的函", "信函", (p.GROUP_OFFICE, p.TOWNSHIP), "五(二)"),
    _kind("F12B", "power_stop_letter", "关于停止供电的函", "信函", (p.GROUP_OFFICE, p.TOWNSHIP), "五(二)"),
    _kind("F13", "restoration_term_notice", "修复治理期限通知书", "法律文书", (p.NATURAL_RESOURCES,), "四(二)2", _ENFORCE),
    _kind("F14", "compensation_request", "关于退出补偿的请示", "上行文", (p.WORKING_GROUP,), "四(二)2"),
    _kind("F15", "closure_acceptance_form", "关闭现场验收表", "表单", (p.TOWNSHIP,), "五(二)"),
    _kind("F16", "closure_report", "关闭(退出)情况报告", "上行文", (p.TOWNSHIP,), "五(二)"),
    _kind("F17", "right_cancellation_request", "关于提请注销采矿权的函", "信函", (p.NATURAL_RESOURCES,), "五(二)"),
    _kind("F19", "safety_permit_cancellation_request", "关于提请注销安全生产许可证的函", "信函", (p.EMERGENCY,), "五(二)"),
    _kind("F20", "business_licence_notice", "关于注销营业执照的函", "信函",
          (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "五(二)"),
    _kind("F21", "upgrade_commitment", "升级改造承诺书", "承诺书", (p.HOLDER,), "四(二)3"),
    _kind("F22", "upgrade_plan_opinion", "升级改造工作方案审核意见", "信函", (p.NATURAL_RESOURCES,), "四(二)3"),
    _kind("F23", "design_review_opinion", "初步设计审查意见", "信函", (p.NATURAL_RESOURCES,), "五(二)"),
    _kind("F25", "completion_opinion", "竣工验收意见", "信函", (p.NATURAL_RESOURCES,), "五(二)"),
    _kind("F26", "extension_form", "延期审批表", "表单", (p.NATURAL_RESOURCES, *_OFFICE), "四(二)3"),
    _kind("F27", "rectification_order", "责令限期整改通知书", "法律文书", (p.ENFORCER,), "四(二)4", _ENFORCE),
    _kind("F27B", "rectification_commitment", "整改承诺书", "承诺书", (p.HOLDER,), "四(二)4"),
    _kind("F28", "reinspection_opinion", "整改复查意见书", "法律文书", (p.ENFORCER,), "四(二)4", _ENFORCE),
    _kind("F29", "demand_notice", "催告书", "法律文书", (p.ENFORCER,), "四(二)5", _ENFORCE),
    _kind("F30", "substitute_decision", "代履行决定书", "法律文书", (p.ENFORCER,), "四(二)5", _ENFORCE),
    _kind("F31", "cost_demand", "代履行费用缴纳通知书", "法律文书", (p.ENFORCER,), "四(二)5", _ENFORCE),
    _kind("F32", "abnormal_list_report", "关于报请列入矿业权人异常名录的函", "信函", (p.NATURAL_RESOURCES,), "四(二)4"),
    _kind("F33", "credit_repair_letter", "关于提请移出异常名录的函", "信函", (p.NATURAL_RESOURCES,), "四(二)4"),
    _kind("F34", "site_survey_notice", "关于开展拟设采矿权联合踏勘的函", "信函",
          (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "四(二)6¶2"),
    _kind("F34B", "site_survey_opinion", "联合踏勘意见表", "表单", (p.SUBJECT_ORGAN,), "四(二)6¶2"),
    _kind("F34C", "opinion_summary", "会签意见汇总表", "表单", (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "四(二)6¶2"),
    _kind("F35", "transfer_scope_report", "拟设采矿权出让范围审查意见", "上行文",
          (p.NATURAL_RESOURCES, p.WORKING_GROUP), "四(二)6"),
    _kind("F37", "supervision_slip", "督办单", "表单", _OFFICE, "五(五)"),
    _kind("F38", "criticism_circular", "通报", "文件", (p.WORKING_GROUP,), "五(五)"),
    _kind("F39", "weekly_report", "整治提升工作调度表", "台账", _OFFICE, "五(一)"),
    _kind("F39B", "period_report", "整治提升工作报表", "台账", _OFFICE, "五(一)"),
    _kind("F40", "assistance_letter", "协办(征求意见)函", "信函", (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "五(二)"),
    _kind("F40B", "urging_letter", "催办函", "信函", (p.GROUP_OFFICE, p.NATURAL_RESOURCES), "五(二)"),
    _kind("F41", "clue_transfer_letter", "关于移送问题线索的函", "信函", (p.WORKING_GROUP,), "五(五)"),
    _kind("F42", "service_receipt", "送达回证", "表单", (*p.ENFORCERS, p.COUNTY_GOVERNMENT), "五(二)"),
    _kind("F42B", "service_address_form", "送达地址确认书", "表单", (*p.ENFORCERS, p.COUNTY_GOVERNMENT), "五(二)"),
    _kind("F42C", "leaving_service_record", "留置送达记录", "表单", (*p.ENFORCERS, p.COUNTY_GOVERNMENT), "五(二)"),
    _kind("F43", "restoration_acceptance", "生态修复验收意见", "信函", (p.NATURAL_RESOURCES, p.ECOLOGY), "四(二)5"),
    _kind("F43B", "restoration_publicity", "生态修复验收结果公示", "文件", (p.NATURAL_RESOURCES, p.ECOLOGY), "一—4"),
    _kind("F44", "closing_report", "销号报告", "上行文", (p.GROUP_OFFICE,), "附件1"),
    _kind("F44B", "volume_contents", "卷内目录", "表单", (*_OFFICE, p.NATURAL_RESOURCES), "附件1"),
)  # fmt: skip

BY_ID = {kind.id: kind for kind in KINDS}
#: Papers of figures: these are counted and looked at before the paper is drafted, and stand in it as they were then.
COUNTED = frozenset({"period_report"})


def find(name: str) -> DocumentKind | None:
    """A kind by identifier, by code (`F27`) or by its Chinese title."""
    wanted = name.strip()
    return next((k for k in KINDS if wanted in (k.id, k.title) or wanted.upper() == k.code), None)


def may_issue(organ_id: str, kind: DocumentKind) -> bool:
    """Whether an organ holds the power; a role stands for the organs that can fill it."""
    return any(_fills(organ_id, issuer) for issuer in kind.issuers)


def _fills(organ_id: str, issuer: Party) -> bool:
    if issuer is p.ENFORCER:
        return organ_id in {enforcer.id for enforcer in p.ENFORCERS}
    if issuer in (p.TOWNSHIP, p.HOLDER):
        return organ_id.startswith(issuer.id)
    return issuer is p.SUBJECT_ORGAN or issuer.id == organ_id


def refusal(organ_name: str, kind: DocumentKind) -> str:
    """The sentence shown when an organ without the power tries to issue."""
    lawful = "、".join(issuer.name for issuer in kind.issuers)
    reason = f"：{kind.reserved}" if kind.reserved else ""
    return f"{organ_name}无权签发《{kind.title}》，应由{lawful}签发（依据{kind.basis}）{reason}。"
