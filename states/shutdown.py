"""彻底关闭的共同后段 (五(二)¶8): closure and guided exit are shut down by the same closure standard.

From the stop of production to the archive: stop, close, accept, cancel permits, restore, archive.
"""

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import STAY, CaseState, Emits, Opens, Step

STATES = (
    CaseState("production_stopped", "已停产", p.TOWNSHIP),
    CaseState("closing", "关闭施工中", p.TOWNSHIP),
    CaseState("closure_accepted", "关闭验收合格", p.NATURAL_RESOURCES),
    CaseState("deregistered", "证照注销完成", p.HOLDER),
    CaseState(
        "restored", "修复验收合格", p.GROUP_OFFICE, no_deadline="方案没有规定销号归档的期限，待后期监管安排落实后办理"
    ),
    CaseState("archived", "销号归档", final=True),
)

#: R-STOP: whichever comes first of licence expiry, agreed stop day and the closing year's end.
_STOP_DUE = Due(
    due.earliest(due.fixed("valid_to"), due.fixed("stop_on"), due.year_end("exit_year")),
    "采矿许可证到期日、商定停产日、关闭退出年度12月31日三者最早", "law", "矿产资源法第二十四条；附件2", extendable=False,
)  # fmt: skip
_CLOSE_DUE = Due(due.year_end("exit_year"), "关闭退出年度12月31日", "plan", "附件2")
_CANCEL_DUE = Due(due.natural_days(30), "关闭验收后30日", "proposal", "方案未规定，供调度使用", period=True)
_RESTORE_DUE = Due(due.fixed("restore_by"), "划定的修复治理期限", "order", "四(二)2")

_RESTORED_ENOUGH = ("published", "third_party_done", "cost_demanded", "in_court", "recovered")


def shutdown_steps(*, stop_source: str, before_stop: tuple[str, ...], asks_term: bool) -> tuple[Step, ...]:
    """The steps from `confirm_stop` on.

    `before_stop` are the states in which the stop and closing days already run; `asks_term` where the
    restoration term has not been fixed earlier.
    """
    return (
        Step(
            trigger="confirm_stop", title="核实停产", source=stop_source, dest="production_stopped",
            lead=p.TOWNSHIP, cooperating=(p.EMERGENCY, p.NATURAL_RESOURCES, p.PUBLIC_SECURITY, p.POWER),
            clause="四(二)2",
            fields=(Field("stopped_on", "实际停产日期", "date", past=True), *((forms.RESTORE_BY,) if asks_term else ())),
            evidence=(
                Evidence("site_record", "现场核查记录（含照片）", "乡(镇)人民政府"),
                Evidence("supply_stop_proof", "停供民爆物品、停电的回复", "公安、电力部门"),
            ),
            guards=(guards.TOWNSHIP_KNOWN,),
            due=_STOP_DUE, due_in=before_stop,
            opens=(Opens("restoration", carry=("restore_by", "stopped_on")),),
        ),
        Step(
            trigger="start_closing", title="组织关闭施工", source="production_stopped", dest="closing",
            lead=p.TOWNSHIP, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.ECOLOGY), clause="五(二)¶8",
            fields=(Field("closure_standard", "所依据的关闭标准", hint="方案未附标准，写明名称和版本"),),
            evidence=(Evidence("closing_plan", "关闭施工方案", "乡(镇)人民政府"),),
            emits=(Emits("closure_acceptance_form", p.TOWNSHIP),),
        ),
        Step(
            trigger="accept_closure", title="关闭验收合格", source="closing", dest="closure_accepted",
            lead=p.TOWNSHIP, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.ECOLOGY), clause="五(二)¶8",
            fields=(
                Field("accepted_on", "验收日期", "date", past=True),
                Field("checklist_passed", "关闭标准各项全部合格", "yes"),
            ),
            evidence=(Evidence("closure_acceptance_form", "各单位签字的关闭现场验收表", "乡(镇)人民政府"),),
            due=_CLOSE_DUE, due_in=(*before_stop, stop_source, "production_stopped"),
            emits=(Emits("closure_report", p.TOWNSHIP),), opens=(Opens("permit", each="permit", given=(("purpose", "cancel"),)),),
        ),
        Step(
            trigger="fail_acceptance", title="验收不合格，继续整改", source="closing", dest=STAY,
            lead=p.TOWNSHIP, cooperating=(p.NATURAL_RESOURCES, p.EMERGENCY, p.ECOLOGY), clause="五(二)¶8",
            fields=(Field("findings", "不合格项"),), emits=(Emits("closure_acceptance_form", p.TOWNSHIP),),
            exceptional=True,
        ),
        Step(
            trigger="confirm_deregistration", title="确认证照全部注销", source="closure_accepted", dest="deregistered",
            lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.APPROVAL), clause="五(二)¶1",
            guards=(
                guards.tracks_reached("permit", ("cancelled",), "证照注销", p.NATURAL_RESOURCES, "五(二)¶1"),
            ),
            due=_CANCEL_DUE,
        ),
        Step(
            trigger="confirm_restoration", title="确认生态修复完成", source="deregistered", dest="restored",
            lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY, p.HOLDER, p.TOWNSHIP), clause="四(二)5",
            guards=(
                guards.tracks_reached("restoration", _RESTORED_ENOUGH, "生态修复", p.HOLDER, "四(二)5"),
            ),
            due=_RESTORE_DUE,
        ),
        Step(
            trigger="archive", title="销号归档", source="restored", dest="archived",
            lead=p.GROUP_OFFICE, cooperating=(p.NATURAL_RESOURCES,), clause="五(二)¶1",
            fields=(Field("patrol_plan", "后期监管安排（责任单位和巡查方式）"),),
            guards=(guards.no_track_open(p.GROUP_OFFICE, "五(二)¶1"),),
            emits=(Emits("closing_report", p.GROUP_OFFICE), Emits("volume_contents", p.GROUP_OFFICE)),
        ),
    )  # fmt: skip
