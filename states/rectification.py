"""责令限期整改 (四(二)4): order, service, term, re-inspection; then the registrar is asked to list the holder.

The county only reports to 异常名录 and 严重失信: the lists are kept by who registered the right.
"""

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Mark, Procedure, Step
from states.standing import standing

_ALL_MARKS = frozenset(Mark)

STATES = (
    CaseState("found", "发现义务履行不到位", p.ENFORCER, no_deadline="由监管部门依法及时责令，方案没有规定天数"),
    CaseState("ordered", "整改通知书已出具", p.ENFORCER, no_deadline="整改期限自送达起算，出具后应及时送达"),
    CaseState("rectifying", "限期整改中", p.HOLDER),
    CaseState("promise_drafted", "整改承诺书待签", p.HOLDER),
    CaseState("promised", "按承诺整改中", p.HOLDER),
    CaseState("measures_submitted", "整改方案已报", p.HOLDER),
    CaseState("submitted", "已报整改结果", p.ENFORCER),
    CaseState("verified", "复查合格", final=True),
    CaseState(
        "unrectified", "逾期未改或整改不到位", p.NATURAL_RESOURCES, no_deadline="方案只写按程序列入，没有规定天数"
    ),
    CaseState(
        "reported_abnormal", "已报请列入异常名录", p.REGISTRAR, no_deadline="由登记机关决定", requires=_ALL_MARKS
    ),
    CaseState(
        "abnormal_listed", "已列入异常名录", p.NATURAL_RESOURCES, no_deadline="以登记机关规定为准", requires=_ALL_MARKS
    ),
    CaseState(
        "serious_discredit",
        "已列入严重失信主体",
        p.NATURAL_RESOURCES,
        no_deadline="以登记机关规定为准",
        requires=_ALL_MARKS,
    ),
    CaseState("repaired", "已移出、信用修复", final=True, requires=_ALL_MARKS),
    CaseState("revoked", "撤销责令", final=True),
)

_RECTIFYING = ("rectifying", "promise_drafted", "promised", "measures_submitted")
_PROMISES = (
    Field("measures_by", "承诺：报送整改方案日期", "date"), Field("works_by", "承诺：完成整改措施并申请复查日期", "date"),
)  # fmt: skip
_IN_ORDER = guards.promises_in_order({"measures_by": "报送整改方案", "works_by": "完成整改措施"}, "四(二)4")

_RECTIFY_DUE = Due(
    due.earliest(due.fixed("rectify_by"), due.once_signed("works_by")),
    "责令限期整改通知书载明的期限；签了整改承诺书的，为承诺的更早日期", "order", "四(二)4",
)  # fmt: skip
_MEASURES_DUE = Due(due.fixed("measures_by"), "整改承诺书承诺的方案报送日", "commitment", "四(二)4")
_RECHECK_DUE = Due(due.working_days(10), "收到整改报告后10个工作日", "proposal", "方案未规定，供调度使用", period=True)

STEPS = (
    Step(
        trigger="issue_order", title="出具责令限期整改通知书", source="found", dest="ordered",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.ECOLOGY), clause="四(二)4",
        fields=(
            forms.ENFORCER, Field("breach", "违法事实"), forms.LEGAL_BASIS, Field("requirements", "整改要求"),
            Field("rectify_by", "整改期限", "date", hint="方案没有给出天数，由作出机关确定"),
            forms.REMEDY, Field("contact", "联系人和电话"),
        ),
        emits=(Emits("rectification_order", p.ENFORCER),), marks=frozenset({Mark.ORDER}),
    ),
    Step(
        trigger="serve_order", title="送达责令限期整改通知书", source="ordered", dest="rectifying",
        lead=p.ENFORCER, cooperating=(p.TOWNSHIP,), clause="四(二)4",
        fields=forms.SERVICE, evidence=(forms.SERVICE_RECEIPT,), settles=("rectification_order",),
        marks=frozenset({Mark.SERVICE}),
        guards=(guards.after("rectify_by", "整改期限", "served_on", "送达日期", p.ENFORCER, "四(二)4"),),
    ),
    Step(
        trigger="submit_rectification", title="报送整改结果", source=_RECTIFYING, dest="submitted",
        lead=p.HOLDER, cooperating=(p.ENFORCER,), clause="四(二)4",
        evidence=(Evidence("rectification_report", "整改报告", "采矿权人"),), due=_RECTIFY_DUE,
    ),
    Step(
        trigger="prepare_promise", title="商定并出具整改承诺书", source="rectifying", dest="promise_drafted",
        lead=p.ENFORCER, cooperating=(p.HOLDER, p.TOWNSHIP), clause="四(二)4", fields=_PROMISES,
        guards=(
            _IN_ORDER,
            guards.not_after("works_by", "承诺完成日期", (("rectify_by", "责令的整改期限"),), p.HOLDER, "四(二)4"),
        ),
        emits=(Emits("rectification_commitment", p.HOLDER),), exceptional=True,
        note="承诺不改变责令的期限，只把其中的步骤定下日期。",
    ),
    Step(
        trigger="sign_promise", title="签订整改承诺书", source="promise_drafted", dest="promised",
        lead=p.HOLDER, cooperating=(p.ENFORCER,), clause="四(二)4",
        fields=(Field("signed_on", "签订日期", "date", past=True),), evidence=(forms.SIGNED_COMMITMENT,),
        settles=("rectification_commitment",), exceptional=True,
    ),
    Step(
        trigger="revise_promise", title="退回重新商定承诺", source="promise_drafted", dest="rectifying",
        lead=p.ENFORCER, cooperating=(p.HOLDER,), clause="四(二)4", fields=(forms.REASON,), exceptional=True,
    ),
    Step(
        trigger="submit_measures", title="报送整改方案", source="promised", dest="measures_submitted",
        lead=p.HOLDER, cooperating=(p.ENFORCER,), clause="四(二)4",
        evidence=(Evidence("measures", "整改方案", "采矿权人"),), due=_MEASURES_DUE, exceptional=True,
    ),
    Step(
        trigger="pass_reinspection", title="复查合格", source="submitted", dest="verified",
        lead=p.ENFORCER, cooperating=(p.TOWNSHIP,), clause="四(二)4", fields=(Field("findings", "复查情况"),),
        evidence=(Evidence("reinspection_record", "现场复查记录", "监管部门"),), due=_RECHECK_DUE,
        emits=(Emits("reinspection_opinion", p.ENFORCER),),
    ),
    Step(
        trigger="return_for_rectification", title="复查不合格，期限内继续整改", source="submitted", dest="rectifying",
        lead=p.ENFORCER, cooperating=(p.TOWNSHIP,), clause="四(二)4", fields=(Field("findings", "不合格项"),),
        exceptional=True,
    ),
    Step(
        trigger="find_unrectified", title="复查认定逾期未改（整改不到位）", source=(*_RECTIFYING, "submitted"),
        dest="unrectified", lead=p.ENFORCER, cooperating=(p.TOWNSHIP,), clause="四(二)4",
        fields=(Field("findings", "复查情况"),),
        evidence=(Evidence("reinspection_record", "现场复查记录", "监管部门"),),
        guards=(guards.term_expired("rectify_by", "整改期限", p.HOLDER, "四(二)4"),),
        emits=(Emits("reinspection_opinion", p.ENFORCER),),
        marks=frozenset({Mark.TERM_EXPIRED, Mark.REINSPECTION}), exceptional=True,
    ),
    Step(
        trigger="report_abnormal", title="报请登记机关列入异常名录", source="unrectified", dest="reported_abnormal",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ENFORCER, p.GROUP_OFFICE), clause="四(二)4",
        fields=(Field("registrar_name", "登记机关"), forms.LEGAL_BASIS),
        emits=(Emits("abnormal_list_report", p.NATURAL_RESOURCES),), exceptional=True,
    ),
    Step(
        trigger="record_listing", title="登记列入异常名录的决定", source="reported_abnormal", dest="abnormal_listed",
        lead=p.REGISTRAR, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)4",
        fields=(Field("listed_on", "列入日期", "date", past=True),),
        evidence=(Evidence("listing_decision", "登记机关的决定", "登记机关"),), exceptional=True,
    ),
    Step(
        trigger="record_serious", title="登记列入严重失信主体的决定", source=("reported_abnormal", "abnormal_listed"),
        dest="serious_discredit", lead=p.REGISTRAR, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)4",
        fields=(Field("listed_on", "列入日期", "date", past=True),),
        evidence=(Evidence("listing_decision", "登记机关的决定", "登记机关"),), exceptional=True,
    ),
    Step(
        trigger="repair_credit", title="整改完成，提请移出", source=("abnormal_listed", "serious_discredit"),
        dest="repaired", lead=p.NATURAL_RESOURCES, cooperating=(p.ENFORCER, p.REGISTRAR), clause="四(二)4",
        fields=(Field("result", "整改和移出情况"),),
        evidence=(Evidence("removal_decision", "登记机关的移出决定", "登记机关"),),
        emits=(Emits("credit_repair_letter", p.NATURAL_RESOURCES),), exceptional=True,
    ),
    Step(
        trigger="revoke_order", title="撤销责令", source=("found", "ordered", *_RECTIFYING, "submitted", "unrectified"),
        dest="revoked", lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES,), clause="四(二)4", fields=(forms.REASON,),
        exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

RECTIFICATION = Procedure(
    id="rectification",
    title="责令限期整改",
    kind="track",
    clause="四(二)4",
    initial="found",
    states=STATES,
    steps=STEPS,
    asks=(Field("breach", "义务履行不到位的事实"),),
)
