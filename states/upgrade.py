"""升级改造 (三(二)3, 四(二)3): commitment letter, work plan, approvals, works, acceptance, retention.

The holder's own promises are the deadlines; an overdue upgrade is extended once or fails.
"""

from decimal import Decimal

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import STAY, CaseState, Emits, Opens, Procedure, Step
from states.standing import standing

_PROMISES = (
    Field("plan_by", "承诺：报送工作方案日期", "date"), Field("design_by", "承诺：完成设计日期", "date"),
    Field("works_by", "承诺：完成改造日期", "date"), Field("acceptance_by", "承诺：申请验收日期", "date"),
)  # fmt: skip
PROMISES_IN_ORDER = guards.promises_in_order(
    {"plan_by": "方案报送", "design_by": "设计完成", "works_by": "改造完成", "acceptance_by": "申请验收"}, "四(二)3"
)
_UNDERWAY = (
    "commitment_signed", "plan_submitted", "plan_approved", "integrating", "approvals_complete", "constructing",
    "completion_submitted",
)  # fmt: skip

STATES = (
    CaseState("listed", "列入升级改造名录", p.NATURAL_RESOURCES),
    CaseState("commitment_drafted", "承诺书待签", p.HOLDER),
    CaseState("commitment_signed", "承诺书已签", p.HOLDER),
    CaseState("plan_submitted", "工作方案已报", p.NATURAL_RESOURCES),
    CaseState("plan_approved", "方案审定", p.HOLDER),
    CaseState("integrating", "整合重组中", p.HOLDER),
    CaseState("approvals_complete", "各项审批办结", p.HOLDER),
    CaseState("constructing", "改造施工", p.HOLDER),
    CaseState("completion_submitted", "申请竣工验收", p.NATURAL_RESOURCES),
    CaseState("accepted", "竣工验收合格", p.NATURAL_RESOURCES, no_deadline="方案没有规定生产能力核定的期限"),
    CaseState("capacity_verified", "生产能力核定", p.NATURAL_RESOURCES, no_deadline="随证照变更办结，期限见各证照事项"),
    CaseState("failed", "升级改造未完成", p.WORKING_GROUP, no_deadline="方案没有规定重新报批的期限，由工作组尽快研究"),
    CaseState("retained", "单独保留", final=True),
    CaseState("rerouted", "转入其他整治方式", final=True),
)

_SIGN_DUE = Due(due.natural_days(15), "列入名录后15日", "proposal", "方案未规定，供调度使用", period=True)
_REVIEW_DUE = Due(due.working_days(20), "收到方案后20个工作日", "proposal", "方案未规定，供调度使用", period=True)
_ACCEPT_DUE = Due(due.working_days(20), "收到申请后20个工作日", "proposal", "方案未规定，供调度使用", period=True)


def _promised(name: str, text: str) -> Due:
    return Due(due.fixed(name), f"承诺书承诺的{text}", "commitment", "四(二)3")


def _reroute(route: str, label: str, clause: str) -> Step:
    return Step(
        trigger=f"reroute_to_{route}", title=f"重新报批转为{label}", source=("listed", "failed"), dest="rerouted",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause=clause,
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON, forms.EXIT_YEAR), evidence=(forms.APPROVAL,),
        opens=(Opens(route, carry=("approval_number", "approval_date", "reason", "exit_year")),), exceptional=True,
    )  # fmt: skip


STEPS = (
    Step(
        trigger="prepare_commitment", title="商定并出具升级改造承诺书", source="listed", dest="commitment_drafted",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE, p.HOLDER, p.TOWNSHIP), clause="四(二)3",
        fields=(
            Field("target_scale", "提升后生产规模", "number", unit="万吨/年"),
            Field("remaining_life", "剩余可采资源服务年限", "number", unit="年"), *_PROMISES,
        ),
        guards=(
            guards.at_least("remaining_life", "剩余服务年限", Decimal(5), "年", p.HOLDER, "三(二)3(1)"),
            PROMISES_IN_ORDER,
        ),
        due=_SIGN_DUE, emits=(Emits("upgrade_commitment", p.HOLDER),),
    ),
    Step(
        trigger="sign_commitment", title="签订承诺书", source="commitment_drafted", dest="commitment_signed",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.GROUP_OFFICE), clause="四(二)3",
        fields=(Field("signed_on", "签订日期", "date", past=True),),
        evidence=(forms.SIGNED_COMMITMENT,), due=_SIGN_DUE, settles=("upgrade_commitment",),
    ),
    Step(
        trigger="revise_commitment", title="退回重新商定承诺", source="commitment_drafted", dest="listed",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE, p.HOLDER), clause="四(二)3", fields=(forms.REASON,),
        exceptional=True,
    ),
    Step(
        trigger="submit_plan", title="报送升级改造工作方案", source="commitment_signed", dest="plan_submitted",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.TOWNSHIP), clause="四(二)3",
        evidence=(Evidence("work_plan", "升级改造工作方案", "采矿权人"),), due=_promised("plan_by", "方案报送日"),
    ),
    Step(
        trigger="approve_plan", title="审定工作方案", source="plan_submitted", dest="plan_approved",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.ECOLOGY), clause="四(二)3",
        fields=(Field("result", "审核意见"),), due=_REVIEW_DUE,
        emits=(Emits("upgrade_plan_opinion", p.NATURAL_RESOURCES),),
    ),
    Step(
        trigger="return_plan", title="退回补充方案", source="plan_submitted", dest="commitment_signed",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.ECOLOGY), clause="四(二)3", fields=(forms.REASON,),
        exceptional=True,
    ),
    Step(
        trigger="complete_approvals", title="设计审查等各项审批办结", source="plan_approved", dest="approvals_complete",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.APPROVAL, p.EMERGENCY, p.ECOLOGY), clause="五(二)¶2",
        fields=(
            Field("design_approval", "初步设计审查意见文号（自然资源）", "document_number"),
            Field("design_opinion", "初步设计审查意见"),
            Field("eia_approval", "环评批复文号（行政审批）", "document_number"),
            Field("safety_design_approval", "安全设施设计审查文号（应急）", "document_number"),
            Field("mining_plan_approval", "开采方案、修复方案批准文号（登记机关）", "document_number"),
        ),
        evidence=(Evidence("approval_documents", "上述批复文件", "各审批部门"),),
        due=_promised("design_by", "设计完成日"), due_in=("integrating",),
        emits=(Emits("design_review_opinion", p.NATURAL_RESOURCES),),
    ),
    Step(
        trigger="start_integration", title="启动整合重组", source="plan_approved", dest="integrating",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.WORKING_GROUP), clause="三(二)3(3)",
        fields=(forms.REASON,), exceptional=True, note="同一矿体多个主体、安全距离不足、以山脊划界等情形。",
    ),
    Step(
        trigger="complete_integration", title="完成五统一", source="integrating", dest="plan_approved",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.WORKING_GROUP), clause="三(二)3(3)",
        fields=tuple(
            Field(f"unified_{name}", f"{label}已统一", "yes")
            for name, label in (("right", "矿权"), ("planning", "规划"), ("owner", "主体"), ("system", "系统"),
                                ("management", "管理"))
        ),
        evidence=(Evidence("integration_proof", "整合重组证明材料", "采矿权人"),), exceptional=True,
    ),
    Step(
        trigger="start_works", title="开工改造", source="approvals_complete", dest="constructing",
        lead=p.HOLDER, cooperating=(p.EMERGENCY, p.TOWNSHIP), clause="四(二)3",
        fields=(Field("started_on", "开工日期", "date", past=True),),
    ),
    Step(
        trigger="apply_acceptance", title="申请竣工验收", source="constructing", dest="completion_submitted",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)3",
        evidence=(Evidence("completion_report", "竣工报告", "采矿权人"),),
        due=_promised("works_by", "改造完成日"), due_in=("approvals_complete",),
    ),
    Step(
        trigger="accept_completion", title="竣工验收合格", source="completion_submitted", dest="accepted",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.ECOLOGY), clause="五(二)¶2",
        fields=(Field("accepted_on", "验收日期", "date", past=True), Field("result", "验收意见")),
        evidence=(Evidence("acceptance_record", "竣工验收记录", "县自然资源局"),), due=_ACCEPT_DUE,
        emits=(Emits("completion_opinion", p.NATURAL_RESOURCES),),
    ),
    Step(
        trigger="reject_completion", title="验收不合格，返工", source="completion_submitted", dest="constructing",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.ECOLOGY), clause="五(二)¶2",
        fields=(Field("findings", "不合格项"),), exceptional=True,
    ),
    Step(
        trigger="verify_capacity", title="核定生产能力", source="accepted", dest="capacity_verified",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY,), clause="三(二)3(1)",
        fields=(
            Field("verified_scale", "核定生产规模", "number", unit="万吨/年"),
            Field("scale_class", "规模等级", "choice", choices={"medium": "中型", "large": "大型"},
                  hint="不低于中型方可单独保留"),
            Field("scale_standard", "所用规模划分标准"),
            Field("remaining_life", "剩余可采资源服务年限", "number", unit="年"),
        ),
        guards=(guards.at_least("remaining_life", "剩余服务年限", Decimal(5), "年", p.HOLDER, "三(二)3(1)"),),
        opens=(Opens("permit", each="permit", given=(("purpose", "change"),)),),
    ),
    Step(
        trigger="confirm_retention", title="确认证照变更，单独保留", source="capacity_verified", dest="retained",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.APPROVAL), clause="三(二)3(1)",
        fields=(Field("green_mine", "绿色矿山建设情况"),),
        guards=(guards.tracks_reached("permit", ("changed",), "证照变更", p.HOLDER, "三(二)3(1)"),),
    ),
    Step(
        trigger="grant_extension", title="批准延期（限一次）", source=_UNDERWAY, dest=STAY,
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE, p.WORKING_GROUP), clause="四(二)3",
        fields=(*_PROMISES, Field("extension_reason", "延期理由"), Field("extension_basis", "延期依据")),
        evidence=(Evidence("extension_request", "企业延期申请", "采矿权人"),),
        guards=(
            guards.first_time("extension_reason", "已经延期一次，不能再延", p.NATURAL_RESOURCES, "四(二)3"),
            PROMISES_IN_ORDER,
        ),
        emits=(Emits("extension_form", p.NATURAL_RESOURCES),), exceptional=True,
    ),
    Step(
        trigger="order_rectification", title="逾期，责令限期整改", source=_UNDERWAY, dest=STAY,
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE, p.EMERGENCY, p.ECOLOGY), clause="四(二)4",
        fields=(Field("breach", "义务履行不到位的事实"),), opens=(Opens("rectification", carry=("breach",)),),
        exceptional=True,
    ),
    Step(
        trigger="declare_failure", title="认定未按期完成", source=_UNDERWAY, dest="failed",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="四(二)3",
        fields=(forms.REASON,),
        guards=(guards.term_expired("acceptance_by", "承诺的验收日期", p.HOLDER, "四(二)3"),), exceptional=True,
    ),
    _reroute("closure", "关闭取缔", "三(二)1"),
    _reroute("guided_exit", "引导退出", "三(二)2"),
    *standing(STATES),
)  # fmt: skip

UPGRADE = Procedure(
    id="upgrade", title="升级改造", kind="route", clause="三(二)3", initial="listed", states=STATES, steps=STEPS
)
