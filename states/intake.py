"""建档摸底与名录审定 (四(一), 四(二)1): from a mine on the map to a route approved by the county government."""

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Field
from states.kernel import CaseState, Emits, Opens, Procedure, Step
from states.standing import standing

ROUTES = {"closure": "关闭取缔", "guided_exit": "引导退出", "upgrade": "升级改造", "none": "符合要求，日常监管"}

STATES = (
    CaseState("registered", "建档", p.GROUP_OFFICE),
    CaseState("surveying", "调查摸底中", p.NATURAL_RESOURCES),
    CaseState("surveyed", "摸底完成", p.WORKING_GROUP),
    CaseState("route_proposed", "拟定整治方式", p.WORKING_GROUP),
    CaseState(
        "pending_approval",
        "报县政府审批",
        p.COUNTY_GOVERNMENT,
        no_deadline="方案没有规定审定的期限，整治提升总期限为2025年底",
    ),
    CaseState("returned", "退回补充", p.WORKING_GROUP),
    CaseState("listed", "列入名录", final=True),
    CaseState("no_action", "符合要求，日常监管", final=True),
)

_SURVEY_DUE = Due(due.fixed("survey_by"), "2025年4月15日前完成摸底（含当日）", "plan", "四(一)")
_OVERALL_DUE = Due(due.fixed("overall_by"), "2025年底前完成整治提升", "plan", "四(二)")


def _approve(route: str, label: str, *more: Field) -> Step:
    """The county government's decision to put the mine on one route."""
    return Step(
        trigger=f"approve_{route}", title=f"批准列入{label}名录", source="pending_approval", dest="listed",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, *more), evidence=(forms.APPROVAL,),
        guards=(guards.equals("proposed_route", route, f"拟定的整治方式不是{label}", p.WORKING_GROUP, "四(二)1"),),
        emits=(Emits("list_announcement", p.NATURAL_RESOURCES), Emits("listing_notice", p.NATURAL_RESOURCES)),
        opens=(Opens(route, carry=("approval_number", "approval_date", "exit_year", "exit_mode", "reason")),),
    )  # fmt: skip


STEPS = (
    Step(
        trigger="start_survey", title="启动调查摸底", source="registered", dest="surveying",
        lead=p.GROUP_OFFICE, cooperating=(p.NATURAL_RESOURCES, p.TOWNSHIP), clause="四(一)",
    ),
    Step(
        trigger="finish_survey", title="完成调查摸底", source="surveying", dest="surveyed",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.APPROVAL, p.ECOLOGY, p.TAX, p.TOWNSHIP), clause="四(一)",
        fields=(
            Field("survey_permits", "证照办理情况"), Field("survey_operation", "生产经营状况"),
            Field("survey_facilities", "设施投入水平"), Field("survey_penalties", "行政处罚及整改进度"),
            Field("survey_left", "缺项说明", required=False, hint="仍有情况没有查清的，写明原因和补查安排"),
        ),
        guards=(guards.TOWNSHIP_KNOWN,), due=_SURVEY_DUE, due_in=("registered",),
    ),
    Step(
        trigger="propose_route", title="拟定整治方式", source="surveyed", dest="route_proposed",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(Field("proposed_route", "整治方式", "choice", choices=ROUTES), forms.REASON),
        note="系统按方案标准提出建议并列明理由，由人决定。",
    ),
    Step(
        trigger="submit_list", title="报请县政府审定", source="route_proposed", dest="pending_approval",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="四(二)1",
        emits=(Emits("list_request", p.NATURAL_RESOURCES),),
        due=_OVERALL_DUE, due_in=("surveyed", "returned"),
    ),
    _approve("closure", ROUTES["closure"], forms.EXIT_YEAR),
    _approve("guided_exit", ROUTES["guided_exit"], forms.EXIT_YEAR),
    _approve("upgrade", ROUTES["upgrade"]),
    Step(
        trigger="approve_no_action", title="同意不列入名录", source="pending_approval", dest="no_action",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="二(一)",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON), evidence=(forms.APPROVAL,),
        guards=(guards.equals("proposed_route", "none", "拟定的整治方式不是日常监管", p.WORKING_GROUP, "四(二)1"),),
    ),
    Step(
        trigger="return_list", title="退回补充", source="pending_approval", dest="returned",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="四(二)1", fields=(forms.REASON,),
        exceptional=True,
    ),
    Step(
        trigger="revise_proposal", title="补充后重新拟定", source=("returned", "route_proposed"), dest="surveyed",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(forms.REASON,), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

INTAKE = Procedure(
    id="intake",
    title="建档摸底与名录审定",
    kind="intake",
    clause="四(一)",
    initial="registered",
    states=STATES,
    steps=STEPS,
)
