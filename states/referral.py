"""部门协办与征求意见 (四(二)6¶2, 五(二)): one case for each unit that is asked, among them the 16 of a survey.

Silence is never consent: an overdue unit is urged, supervised and named, but its answer is not invented.
"""

from states import due, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Procedure, Step
from states.standing import standing

ANSWERS = {"no_objection": "无意见", "restriction": "有限制性因素", "objection": "有意见"}
_WAITING = ("sent", "acknowledged", "supervised", "criticised")

STATES = (
    CaseState("sent", "已发出", p.SUBJECT_ORGAN),
    CaseState("acknowledged", "已签收", p.SUBJECT_ORGAN),
    CaseState("supervised", "已督办", p.SUBJECT_ORGAN),
    CaseState("criticised", "已通报", p.SUBJECT_ORGAN),
    CaseState("replied", "已反馈", p.NATURAL_RESOURCES, no_deadline="汇总后随主案件办结"),
    CaseState("closed", "办结", final=True),
)


def _reply_rule() -> Due:
    asked = due.earliest(due.fixed("reply_by"))
    house = due.working_days(10)
    return Due(
        lambda facts, calendar: asked(facts, calendar) or house(facts, calendar),
        "来函要求的反馈日；未写明的按10个工作日", "proposal", "方案未规定反馈期限，供调度使用", period=True,
    )  # fmt: skip


STEPS = (
    Step(
        trigger="reply", title="反馈意见", source=_WAITING, dest="replied",
        lead=p.SUBJECT_ORGAN, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="四(二)6¶2",
        fields=(
            Field("answer", "意见", "choice", choices=ANSWERS), Field("opinion", "意见内容"),
            Field("answered_on", "反馈日期", "date", past=True),
        ),
        evidence=(Evidence("opinion_form", "盖章的意见表或复函", "被征求单位"),),
        due=_reply_rule(), ladder="opinion",
    ),
    Step(
        trigger="acknowledge", title="签收", source="sent", dest="acknowledged",
        lead=p.SUBJECT_ORGAN, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="五(三)",
    ),
    Step(
        trigger="return_reply", title="退回补充意见", source="replied", dest="acknowledged",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="五(三)", fields=(Field("reason", "退回理由"),),
        exceptional=True,
    ),
    Step(
        trigger="supervise", title="逾期督办", source=("sent", "acknowledged"), dest="supervised",
        lead=p.GROUP_OFFICE, cooperating=(p.WORKING_GROUP,), clause="五(五)",
        fields=(Field("requirements", "督办要求"), Field("reply_by", "新的反馈日期", "date")),
        guards=(_OVERDUE := guards.term_expired("due_reply", "反馈期限", p.SUBJECT_ORGAN, "五(三)"),),
        emits=(Emits("supervision_slip", p.GROUP_OFFICE),), exceptional=True,
    ),
    Step(
        trigger="criticise", title="通报", source="supervised", dest="criticised",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE,), clause="五(五)",
        fields=(Field("findings", "迟缓推诿的事实"),), guards=(_OVERDUE,),
        emits=(Emits("criticism_circular", p.WORKING_GROUP),), exceptional=True,
    ),
    Step(
        trigger="close", title="办结", source="replied", dest="closed",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="五(三)",
    ),
    *standing(STATES),
)  # fmt: skip

REFERRAL = Procedure(
    id="referral",
    title="部门协办(征求意见)",
    kind="track",
    clause="四(二)6¶2",
    initial="sent",
    states=STATES,
    steps=STEPS,
    emits=(
        Emits("site_survey_opinion", p.SUBJECT_ORGAN, when=("purpose", "survey")),
        Emits("assistance_letter", p.GROUP_OFFICE, when=("purpose", "!survey")),
    ),
    asks=(
        Field("subject_id", "被征求单位"),
        Field("request", "征求(协办)事项"),
        Field("reply_by", "要求反馈日期", "date", required=False),
    ),
)
