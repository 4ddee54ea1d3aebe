"""关闭取缔 (三(二)1, 五(二)): notice, hearing, decision by the county government, then complete closure.

A right that simply expired needs no penalty procedure (矿产资源法 24); that is a way of its own.
"""

from states import forms, guards, shutdown
from states import parties as p
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Opens, Procedure, Step
from states.standing import standing

GROUNDS = {
    "unlicensed": "未依法取得采矿许可证或安全生产许可证（三(二)1(1)）",
    "expired": "证照2025年底前到期且资源濒临枯竭或达不到整改要求（三(二)1(2)）",
    "unsafe": "工艺应当淘汰，或停产整顿后仍不具备安全生产条件（三(二)1(3)）",
    "illegal_works": "违法违规开采建设未整改到位（三(二)1(4)）",
    "other": "其他经县政府研究应当关闭（三(二)1(5)）",
}

_BEFORE_DECISION = ("listed", "notice_issued", "closure_notified", "hearing")

STATES = (
    CaseState("listed", "列入关闭取缔名录", p.NATURAL_RESOURCES),
    CaseState("notice_issued", "关闭告知书已出具", p.ENFORCER),
    CaseState("closure_notified", "已告知拟关闭", p.COUNTY_GOVERNMENT),
    CaseState("hearing", "陈述申辩、听证中", p.ENFORCER),
    CaseState("closure_decided", "关闭依据已确定", p.TOWNSHIP),
    *shutdown.STATES,
    CaseState("delisted", "移出名录", final=True),
    CaseState("rerouted", "转为升级改造", final=True),
)

STEPS = (
    Step(
        trigger="issue_closure_notice", title="出具拟关闭告知书", source="listed", dest="notice_issued",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.ECOLOGY, p.TOWNSHIP), clause="三(二)1",
        fields=(
            forms.ENFORCER, Field("legal_ground", "关闭事由", "choice", choices=GROUNDS),
            Field("findings", "查明的事实和证据"), forms.LEGAL_BASIS, forms.REMEDY,
        ),
        emits=(Emits("closure_notice", p.ENFORCER),),
    ),
    Step(
        trigger="record_expiry", title="按采矿许可证到期处理", source="listed", dest="closure_decided",
        lead=p.NATURAL_RESOURCES, cooperating=(p.TOWNSHIP, p.EMERGENCY), clause="三(二)1(2)",
        fields=(forms.LEGAL_BASIS, forms.STOP_ON, forms.REMEDY), guards=(guards.LICENCE_EXPIRED,),
        emits=(
            Emits("stop_notice", p.NATURAL_RESOURCES), Emits("supply_stop_letter", p.GROUP_OFFICE),
            Emits("power_stop_letter", p.GROUP_OFFICE),
        ),
        note="期限届满矿业权消灭，不属于行政处罚，不走告知听证程序。",
    ),
    Step(
        trigger="serve_closure_notice", title="送达拟关闭告知书", source="notice_issued", dest="closure_notified",
        lead=p.ENFORCER, cooperating=(p.NATURAL_RESOURCES, p.TOWNSHIP), clause="三(二)1",
        fields=forms.SERVICE, evidence=(forms.SERVICE_RECEIPT,), settles=("closure_notice",),
        emits=(Emits("closure_request", p.ENFORCER),),
    ),
    Step(
        trigger="decide_closure", title="县政府作出关闭决定", source=("closure_notified", "hearing"),
        dest="closure_decided", lead=p.COUNTY_GOVERNMENT, cooperating=(p.ENFORCER, p.TOWNSHIP), clause="三(二)1(5)",
        fields=(
            Field("hearing_outcome", "陈述申辩、听证情况"), forms.APPROVAL_NUMBER, forms.APPROVAL_DATE,
            forms.LEGAL_BASIS, forms.STOP_ON, forms.REMEDY,
        ),
        evidence=(forms.APPROVAL,),
        emits=(
            Emits("closure_decision", p.COUNTY_GOVERNMENT), Emits("stop_notice", p.NATURAL_RESOURCES),
            Emits("supply_stop_letter", p.GROUP_OFFICE), Emits("power_stop_letter", p.GROUP_OFFICE),
        ),
    ),
    Step(
        trigger="request_hearing", title="当事人要求听证", source="closure_notified", dest="hearing",
        lead=p.HOLDER, cooperating=(p.ENFORCER,), clause="三(二)1",
        fields=(Field("requested_on", "申请日期", "date", past=True),),
        evidence=(Evidence("hearing_request", "听证申请书", "采矿权人"),), exceptional=True,
    ),
    *shutdown.shutdown_steps(stop_source="closure_decided", before_stop=_BEFORE_DECISION, asks_term=True),
    Step(
        trigger="delist", title="移出名录", source=_BEFORE_DECISION, dest="delisted",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="四(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON), evidence=(forms.APPROVAL,), exceptional=True,
    ),
    Step(
        trigger="reroute_to_upgrade", title="重新报批转为升级改造", source=_BEFORE_DECISION, dest="rerouted",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="四(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON), evidence=(forms.APPROVAL,),
        opens=(Opens("upgrade", carry=("approval_number", "approval_date", "reason")),), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

CLOSURE = Procedure(
    id="closure",
    title="关闭取缔",
    kind="route",
    clause="三(二)1",
    initial="listed",
    states=STATES,
    steps=STEPS,
    asks=(forms.EXIT_YEAR,),
)
