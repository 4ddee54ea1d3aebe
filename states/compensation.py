"""退出补偿 (四(二)2): the working group reports, the county government decides; nothing is owed by default."""

from states import forms
from states import parties as p
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Procedure, Step
from states.standing import standing

_NO_TERM = "方案没有规定补偿办理的期限，须在停产前办结"

STATES = (
    CaseState("assessing", "补偿评估中", p.WORKING_GROUP, no_deadline=_NO_TERM),
    CaseState("proposed", "已报请县政府", p.COUNTY_GOVERNMENT, no_deadline=_NO_TERM),
    CaseState("approved", "补偿方案已批准", p.FINANCE, no_deadline="以补偿协议约定为准"),
    CaseState("paid", "补偿已支付", final=True),
    CaseState("not_due", "不予补偿", final=True),
)

STEPS = (
    Step(
        trigger="propose", title="报请县政府研究补偿", source="assessing", dest="proposed",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.FINANCE, p.TOWNSHIP), clause="四(二)2",
        fields=(Field("amount", "拟补偿金额", "money", unit="元"), forms.LEGAL_BASIS),
        evidence=(Evidence("assessment", "评估报告", "工作组"),),
        emits=(Emits("compensation_request", p.WORKING_GROUP),),
    ),
    Step(
        trigger="approve", title="县政府批准补偿方案", source="proposed", dest="approved",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.GROUP_OFFICE, p.FINANCE), clause="四(二)2",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, Field("amount", "批准金额", "money", unit="元")),
        evidence=(forms.APPROVAL,),
    ),
    Step(
        trigger="return_proposal", title="退回重新评估", source="proposed", dest="assessing",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="四(二)2", fields=(forms.REASON,),
        exceptional=True,
    ),
    Step(
        trigger="pay", title="支付补偿", source="approved", dest="paid",
        lead=p.FINANCE, cooperating=(p.WORKING_GROUP, p.GROUP_OFFICE, p.TOWNSHIP), clause="四(二)2",
        fields=(Field("paid_on", "支付日期", "date", past=True),),
        evidence=(
            Evidence("agreement", "补偿协议", "乡(镇)人民政府"), Evidence("payment_receipt", "支付凭证", "财政部门"),
        ),
    ),
    Step(
        trigger="decide_none", title="认定不予补偿", source=("assessing", "proposed"), dest="not_due",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.GROUP_OFFICE), clause="四(二)2",
        fields=(forms.REASON, forms.APPROVAL_NUMBER, forms.APPROVAL_DATE), evidence=(forms.APPROVAL,), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

COMPENSATION = Procedure(
    id="compensation", title="退出补偿", kind="track", clause="四(二)2", initial="assessing", states=STATES, steps=STEPS
)
