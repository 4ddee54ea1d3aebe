"""证照注销(变更) (五(二)¶1–4): one case for each permit, each decided by its own registrar.

The county asks; it cannot cancel what the city or the province issued.
"""

from states import due, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Procedure, Step
from states.parties import Party
from states.standing import standing

KINDS = {"mining": "采矿许可证", "safety": "安全生产许可证", "business": "营业执照", "discharge": "排污许可证"}

PURPOSES = {"cancel": "注销", "change": "变更"}
_CHANGE = "变更证照没有单独的期限，随升级改造办结"

STATES = (
    CaseState("active", "待办理", p.NATURAL_RESOURCES, no_deadline=_CHANGE),
    CaseState("expired", "已到期", p.NATURAL_RESOURCES, no_deadline=_CHANGE),
    CaseState("cancel_requested", "已提请注销", p.REGISTRAR),
    CaseState("cancelled", "已注销", final=True),
    CaseState("change_requested", "已申请变更", p.REGISTRAR, no_deadline="登记机关的办理期限以受理通知为准"),
    CaseState("changed", "已变更", final=True),
)


_PROMPTLY = "方案只要求及时注销，供调度使用"
_CANCEL_DUE = Due(due.natural_days(30), "提请后30日", "proposal", _PROMPTLY, period=True)
_EXPIRY_DUE = Due(
    due.fixed("permit_valid_to"), "证照有效期届满日", "law", "矿产资源法第二十四条", extendable=False,
    only_for=(("permit_valid_to", ""),),
)  # fmt: skip


def _request(kind: str, trigger: str, lead: Party, clause: str, *emits: Emits) -> Step:
    label = KINDS[kind]
    return Step(
        trigger=trigger, title=f"提请注销{label}", source=("active", "expired"), dest="cancel_requested",
        lead=lead,
        cooperating=tuple(party for party in (p.GROUP_OFFICE, p.NATURAL_RESOURCES) if party is not lead), clause=clause,
        fields=(
            Field("registrar_name", "登记(发证)机关", hint="按证照上的发证机关填写"),
            Field("requested_on", "提请日期", "date", past=True),
        ),
        guards=(guards.equals("permit_kind", kind, f"本证照不是{label}", lead, clause),),
        due=Due(
            due.natural_days(30), "关闭验收后30日", "proposal", _PROMPTLY, period=True,
            only_for=(("permit_kind", kind), ("purpose", "cancel")),
        ),
        emits=emits,
    )  # fmt: skip


STEPS = (
    _request("mining", "request_right_cancellation", p.NATURAL_RESOURCES, "五(二)¶1",
             Emits("right_cancellation_request", p.NATURAL_RESOURCES)),
    _request("safety", "request_safety_cancellation", p.EMERGENCY, "五(二)¶3",
             Emits("safety_permit_cancellation_request", p.EMERGENCY)),
    _request("business", "request_business_cancellation", p.APPROVAL, "五(二)¶4",
             Emits("business_licence_notice", p.NATURAL_RESOURCES)),
    _request("discharge", "request_discharge_cancellation", p.ECOLOGY, "五(二)¶5"),
    Step(
        trigger="expire", title="证照到期", source="active", dest="expired", lead=p.NATURAL_RESOURCES,
        clause="三(二)1(2)", due=_EXPIRY_DUE, by_clock=True, note="到期是事实，由系统按日期登记，不需要人办理。",
    ),
    Step(
        trigger="record_cancellation", title="登记注销结果", source="cancel_requested", dest="cancelled",
        lead=p.REGISTRAR, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.APPROVAL, p.ECOLOGY), clause="五(二)¶1",
        fields=(Field("cancelled_on", "注销日期", "date", past=True),),
        evidence=(Evidence("cancellation_notice", "注销公告或回执", "登记(发证)机关"),),
        due=_CANCEL_DUE,
    ),
    Step(
        trigger="withdraw_request", title="补正后重新提请", source="cancel_requested", dest="active",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.APPROVAL, p.ECOLOGY), clause="五(二)¶1",
        fields=(Field("reason", "退件理由"),), exceptional=True,
    ),
    Step(
        trigger="request_change", title="申请变更", source=("active", "expired"), dest="change_requested",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.APPROVAL), clause="三(二)3(1)",
        fields=(Field("registrar_name", "登记(发证)机关"), Field("change", "变更内容")), exceptional=True,
    ),
    Step(
        trigger="record_change", title="登记变更结果", source="change_requested", dest="changed",
        lead=p.REGISTRAR, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.APPROVAL), clause="三(二)3(1)",
        fields=(Field("new_number", "新证号"), Field("new_valid_to", "新有效期至", "date")),
        evidence=(Evidence("new_permit", "变更后的证照", "登记(发证)机关"),), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

PERMIT = Procedure(
    id="permit",
    title="证照注销(变更)",
    kind="track",
    clause="五(二)¶1",
    initial="active",
    states=STATES,
    steps=STEPS,
    asks=(
        Field("purpose", "办理事项", "choice", choices=PURPOSES),
        Field("permit_kind", "证照种类", "choice", choices=KINDS),
        Field("permit_number", "证照编号"),
        Field("permit_valid_to", "有效期至", "date", required=False),
    ),
)
