"""引导退出 (三(二)2, 四(二)2): talks, stop day and restoration term, compensation, then complete closure."""

from decimal import Decimal

from states import forms, guards, shutdown
from states import parties as p
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Opens, Procedure, Step
from states.standing import standing

_BEFORE_STOP = ("listed", "negotiating", "stop_date_fixed")
_CONVERTIBLE = (*_BEFORE_STOP, "compensation_settled")

STATES = (
    CaseState("listed", "列入引导退出名录", p.TOWNSHIP),
    CaseState("negotiating", "协商退出", p.WORKING_GROUP),
    CaseState("stop_date_fixed", "停产日期、修复期限已明确", p.WORKING_GROUP),
    CaseState("compensation_settled", "补偿事项已定", p.TOWNSHIP),
    *shutdown.STATES,
    CaseState("converted_to_closure", "转为关闭取缔", final=True),
    CaseState("converted_to_upgrade", "转为升级改造", final=True),
)

_LIMIT = "四(二)2"

STEPS = (
    Step(
        trigger="open_talks", title="约谈企业，启动协商", source="listed", dest="negotiating",
        lead=p.TOWNSHIP, cooperating=(p.NATURAL_RESOURCES, p.FINANCE), clause="四(二)2",
        fields=(Field("talked_on", "约谈日期", "date", past=True),),
        evidence=(Evidence("talk_record", "约谈记录", "乡(镇)人民政府"),), guards=(guards.TOWNSHIP_KNOWN,),
    ),
    Step(
        trigger="fix_dates", title="明确停产日期和修复治理期限", source="negotiating", dest="stop_date_fixed",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.NATURAL_RESOURCES, p.TOWNSHIP), clause="四(二)2",
        fields=(forms.STOP_ON, forms.RESTORE_BY, forms.LEGAL_BASIS, forms.REMEDY),
        guards=(
            guards.not_after("stop_on", "停产日期", (("valid_to", "采矿许可证到期日"),), p.WORKING_GROUP, _LIMIT),
            guards.not_after_year("stop_on", "停产日期", "exit_year", p.WORKING_GROUP, _LIMIT),
            guards.after("restore_by", "修复治理期限", "stop_on", "停产日期", p.WORKING_GROUP, _LIMIT),
        ),
        emits=(
            Emits("stop_notice", p.NATURAL_RESOURCES), Emits("restoration_term_notice", p.NATURAL_RESOURCES),
            Emits("supply_stop_letter", p.GROUP_OFFICE), Emits("power_stop_letter", p.GROUP_OFFICE),
        ),
        opens=(Opens("compensation"),),
    ),
    Step(
        trigger="settle_compensation", title="确认补偿事项已定", source="stop_date_fixed", dest="compensation_settled",
        lead=p.WORKING_GROUP, cooperating=(p.GROUP_OFFICE, p.FINANCE), clause="四(二)2",
        guards=(
            guards.tracks_reached(
                "compensation", ("approved", "paid", "not_due"), "补偿事项", p.WORKING_GROUP, "四(二)2"
            ),
        ),
    ),
    *shutdown.shutdown_steps(stop_source="compensation_settled", before_stop=_BEFORE_STOP, asks_term=False),
    Step(
        trigger="convert_to_closure", title="转为关闭取缔", source=_CONVERTIBLE, dest="converted_to_closure",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="三(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON), evidence=(forms.APPROVAL,),
        opens=(Opens("closure", carry=("exit_year", "approval_number", "approval_date", "reason")),), exceptional=True,
        note="到期未停产、非法开采、不具备安全生产条件等情形，重新报批后转入。",
    ),
    Step(
        trigger="convert_to_upgrade", title="重新报批转为升级改造", source=_CONVERTIBLE, dest="converted_to_upgrade",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="三(二)3(1)",
        fields=(
            forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON,
            Field("remaining_life", "剩余可采资源服务年限", "number", unit="年"),
            Field("medium_scale_proof", "提升后不低于中型规模的论证", hint="写明规模、矿种和所用划分标准"),
        ),
        evidence=(forms.APPROVAL,),
        guards=(guards.at_least("remaining_life", "剩余服务年限", Decimal(5), "年", p.HOLDER, "三(二)3(1)"),),
        opens=(Opens("upgrade", carry=("approval_number", "approval_date", "reason")),), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

GUIDED_EXIT = Procedure(
    id="guided_exit",
    title="引导退出",
    kind="route",
    clause="三(二)2",
    initial="listed",
    states=STATES,
    steps=STEPS,
    asks=(forms.EXIT_YEAR,),
)
