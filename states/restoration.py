"""生态修复 (四(二)4–5): the former holder restores; on refusal 催告, 代履行 by a third party, costs recovered.

The duty outlives the mining right (矿产资源法 45), so it is a track of its own.
"""

from decimal import Decimal

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Mark, Procedure, Step
from states.standing import standing

_ALL_MARKS = frozenset(Mark)
_BEFORE_DONE = ("plan_due", "plan_approved")
_URGE = "行政强制法第五十一条"

STATES = (
    CaseState("plan_due", "待报修复方案", p.HOLDER),
    CaseState("plan_approved", "修复方案审定", p.HOLDER),
    CaseState("restoring", "修复施工中", p.HOLDER),
    CaseState("self_checked", "企业自验完成", p.NATURAL_RESOURCES),
    CaseState("joint_acceptance", "联合验收中", p.NATURAL_RESOURCES),
    CaseState("accepted", "修复验收合格", p.NATURAL_RESOURCES, no_deadline="方案没有规定公示期限"),
    CaseState("published", "验收结果已公示", final=True),
    CaseState("refused", "认定拒不履行", p.ENFORCER, no_deadline="催告由监管部门依法及时作出，方案未定天数"),
    CaseState("demand_issued", "催告书已出具", p.ENFORCER, no_deadline="送达后起算催告期限"),
    CaseState("urged", "已催告", p.ENFORCER),
    CaseState(
        "substitute_decided",
        "代履行已决定",
        p.THIRD_PARTY,
        no_deadline="以代履行决定书载明的时间为准",
        requires=_ALL_MARKS,
    ),
    CaseState("third_party_working", "第三方治理中", p.ENFORCER, no_deadline="以委托合同为准", requires=_ALL_MARKS),
    CaseState(
        "third_party_done", "第三方治理验收合格", p.ENFORCER, no_deadline="方案没有规定追缴期限", requires=_ALL_MARKS
    ),
    CaseState("cost_demanded", "已通知缴纳费用", p.HOLDER, requires=_ALL_MARKS),
    CaseState("in_court", "申请法院强制执行", p.ENFORCER, requires=_ALL_MARKS),
    CaseState("recovered", "费用已追回", final=True, requires=_ALL_MARKS),
)

_TERM_DUE = Due(due.fixed("restore_by"), "划定的修复治理期限", "order", "四(二)2")
_DEMAND_DUE = Due(
    due.working_days("demand_days", since="served_on"), "催告书送达后载明的工作日数", "order", _URGE, period=True
)
_PAY_DUE = Due(due.fixed("pay_by"), "费用缴纳通知书载明的期限", "order", "四(二)5")

STEPS = (
    Step(
        trigger="approve_plan", title="审定修复方案", source="plan_due", dest="plan_approved",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY, p.HOLDER), clause="四(二)4",
        evidence=(Evidence("restoration_plan", "矿区生态修复方案", "采矿权人"),),
    ),
    Step(
        trigger="start_restoring", title="开始修复", source="plan_approved", dest="restoring",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.TOWNSHIP), clause="四(二)5",
        fields=(Field("started_on", "开工日期", "date", past=True),),
    ),
    Step(
        trigger="report_self_check", title="企业自验", source="restoring", dest="self_checked",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)5",
        evidence=(Evidence("self_check_report", "自验报告", "采矿权人"),),
        due=_TERM_DUE, due_in=_BEFORE_DONE,
    ),
    Step(
        trigger="convene_acceptance", title="组织联合验收", source="self_checked", dest="joint_acceptance",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY, p.TOWNSHIP), clause="四(二)5",
        fields=(
            Field("experts_present", "专家参加", "yes"), Field("village_present", "村(居)民委员会参加", "yes"),
            Field("villagers_present", "村民代表参加", "yes", hint="矿产资源法第四十八条"),
        ),
        due=Due(due.working_days(20), "收到自验报告后20个工作日", "proposal", "方案未规定，供调度使用", period=True),
    ),
    Step(
        trigger="accept", title="修复验收合格", source="joint_acceptance", dest="accepted",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="四(二)5",
        fields=(Field("result", "验收意见"),),
        evidence=(Evidence("acceptance_record", "联合验收签字记录", "县自然资源局"),),
        due=Due(due.working_days(10), "联合验收后10个工作日", "proposal", "方案未规定，供调度使用", period=True),
        emits=(Emits("restoration_acceptance", p.NATURAL_RESOURCES), Emits("restoration_publicity", p.NATURAL_RESOURCES)),
    ),
    Step(
        trigger="publish", title="公示验收结果", source="accepted", dest="published",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="一—4",
        fields=(Field("published_on", "公示日期", "date", past=True),),
        evidence=(Evidence("publication", "公示材料", "县自然资源局"),),
    ),
    Step(
        trigger="reject", title="验收不合格，继续修复", source="joint_acceptance", dest="restoring",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="四(二)5", fields=(Field("findings", "不合格项"),),
        exceptional=True,
    ),
    Step(
        trigger="find_refusal", title="复查认定拒不履行", source=("plan_due", "plan_approved", "restoring"), dest="refused",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES, p.ECOLOGY, p.TOWNSHIP), clause="四(二)5",
        fields=(forms.ENFORCER, Field("findings", "复查查明的事实"), forms.LEGAL_BASIS),
        evidence=(Evidence("reinspection_record", "现场复查记录", "监管部门"),),
        guards=(guards.term_expired("restore_by", "修复治理期限", p.NATURAL_RESOURCES, "四(二)2"),),
        emits=(Emits("reinspection_opinion", p.ENFORCER),),
        marks=frozenset({Mark.TERM_EXPIRED, Mark.REINSPECTION}), exceptional=True,
    ),
    Step(
        trigger="issue_demand", title="出具催告书", source="refused", dest="demand_issued",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)5",
        fields=(
            Field("requirements", "要求履行的内容"),
            Field("demand_days", "催告的履行期限", "days", unit="个工作日"), forms.LEGAL_BASIS, forms.REMEDY,
        ),
        guards=(guards.at_least("demand_days", "催告的履行期限", Decimal(3), "个工作日", p.ENFORCER, _URGE),),
        emits=(Emits("demand_notice", p.ENFORCER),), marks=frozenset({Mark.ORDER}), exceptional=True,
    ),
    Step(
        trigger="serve_demand", title="送达催告书", source="demand_issued", dest="urged",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)5",
        fields=forms.SERVICE, evidence=(forms.SERVICE_RECEIPT,), settles=("demand_notice",),
        marks=frozenset({Mark.SERVICE}), exceptional=True,
    ),
    Step(
        trigger="comply", title="催告后自行履行", source=("refused", "demand_issued", "urged"), dest="restoring",
        lead=p.ENFORCER, cooperating=(p.HOLDER,), clause="四(二)5", fields=(forms.REASON, forms.RESTORE_BY),
        exceptional=True,
    ),
    Step(
        trigger="decide_substitute", title="作出代履行决定", source="urged", dest="substitute_decided",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)5",
        fields=(
            Field("third_party", "代履行人"), Field("substitute_content", "代履行的方式和标的"),
            Field("substitute_from", "代履行时间", "date"),
            Field("substitute_cost", "费用预算", "money", unit="元"), Field("holder_address", "当事人地址"),
            forms.LEGAL_BASIS, forms.REMEDY,
        ),
        guards=(guards.term_expired("due_decide_substitute", "催告的履行期限", p.ENFORCER, _URGE),), due=_DEMAND_DUE,
        emits=(Emits("substitute_decision", p.ENFORCER),), exceptional=True,
    ),
    Step(
        trigger="start_substitute", title="送达决定，第三方进场", source="substitute_decided", dest="third_party_working",
        lead=p.ENFORCER, cooperating=(p.THIRD_PARTY, p.TOWNSHIP), clause="四(二)5",
        fields=(Field("decision_served_on", "决定书送达日期", "date", past=True), *forms.SERVICE[1:]),
        settles=("substitute_decision",),
        evidence=(forms.SERVICE_RECEIPT, Evidence("contract", "第三方治理委托合同", "监管部门")), exceptional=True,
    ),
    Step(
        trigger="finish_substitute", title="第三方治理验收合格", source="third_party_working", dest="third_party_done",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES, p.ECOLOGY, p.TOWNSHIP), clause="四(二)5",
        fields=(Field("result", "验收意见"), Field("final_cost", "实际费用", "money", unit="元")),
        evidence=(
            Evidence("acceptance_record", "联合验收签字记录", "县自然资源局"),
            Evidence("site_signatures", "代履行现场监督签字记录", "监管部门"),
        ),
        exceptional=True,
    ),
    Step(
        trigger="demand_cost", title="通知原矿业权人缴纳费用", source="third_party_done", dest="cost_demanded",
        lead=p.ENFORCER, cooperating=(p.FINANCE,), clause="四(二)5",
        fields=(Field("amount", "应缴金额", "money", unit="元"), Field("pay_by", "缴纳期限", "date"),
                forms.LEGAL_BASIS, forms.REMEDY),
        emits=(Emits("cost_demand", p.ENFORCER),), exceptional=True,
    ),
    Step(
        trigger="confirm_payment", title="费用缴清", source=("cost_demanded", "in_court"), dest="recovered",
        lead=p.ENFORCER, cooperating=(p.FINANCE, p.HOLDER), clause="四(二)5",
        evidence=(Evidence("payment_receipt", "缴款凭证", "财政部门"),), due=_PAY_DUE, exceptional=True,
    ),
    Step(
        trigger="apply_to_court", title="申请法院强制执行", source="cost_demanded", dest="in_court",
        lead=p.ENFORCER, cooperating=(p.FINANCE,), clause="四(二)5",
        fields=(forms.REASON,), evidence=(Evidence("court_application", "强制执行申请书", "监管部门"),),
        guards=(guards.term_expired("pay_by", "缴纳期限", p.HOLDER, "四(二)5"),), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

RESTORATION = Procedure(
    id="restoration",
    title="生态修复",
    kind="track",
    clause="四(二)5",
    initial="plan_due",
    states=STATES,
    steps=STEPS,
    asks=(forms.RESTORE_BY,),
)
