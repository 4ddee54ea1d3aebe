"""配置新设 (三(二)4, 四(二)6): a planned block, the joint survey by 16 units, transfer, licences, production."""

from states import due, forms, guards
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import CaseState, Emits, Opens, Procedure, Step
from states.standing import standing

_BEFORE_SALE = (
    "block_planned", "precheck", "joint_survey", "conflict", "boundary_fixed", "county_approved", "in_transfer_plan",
    "failed_bid",
)  # fmt: skip
_DEFERRABLE = (*_BEFORE_SALE, "announced")
_AFTER_SALE = "方案没有规定期限，以出让合同约定为准"

STATES = (
    CaseState("block_planned", "拟设区块", p.NATURAL_RESOURCES),
    CaseState("precheck", "规划与规模核查", p.NATURAL_RESOURCES),
    CaseState("joint_survey", "联合踏勘中", p.NATURAL_RESOURCES),
    CaseState("conflict", "存在重叠障碍", p.NATURAL_RESOURCES),
    CaseState("boundary_fixed", "出让范围划定", p.WORKING_GROUP),
    CaseState("county_approved", "县政府批准", p.NATURAL_RESOURCES),
    CaseState("in_transfer_plan", "列入出让计划", p.TRANSFEROR),
    CaseState("announced", "出让公告", p.TRANSFEROR),
    CaseState("failed_bid", "流拍", p.TRANSFEROR),
    CaseState("sold", "成交", p.TRANSFEROR, no_deadline=_AFTER_SALE),
    CaseState("contracted", "出让合同已签", p.HOLDER, no_deadline=_AFTER_SALE),
    CaseState("right_registered", "采矿权已登记", p.HOLDER, no_deadline=_AFTER_SALE),
    CaseState("licensed", "已领采矿许可证", p.HOLDER, no_deadline=_AFTER_SALE),
    CaseState("approved_to_build", "各项审批办结", p.HOLDER, no_deadline=_AFTER_SALE),
    CaseState("constructing", "建设施工", p.NATURAL_RESOURCES),
    CaseState("built", "竣工验收合格", p.HOLDER, no_deadline="方案没有规定投产期限"),
    CaseState("deferred", "调整年度", p.NATURAL_RESOURCES, no_deadline="待批准新的出让年度"),
    CaseState("producing", "投产", final=True),
    CaseState("withdrawn", "撤销拟设", final=True),
)

_SALE_DUE = Due(due.year_end("transfer_year"), "拟出让年度12月31日", "plan", "附件3")
_BUILD_DUE = Due(due.fixed("build_by"), "批准的基建期届满", "order", "三(二)2(4)")

STEPS = (
    Step(
        trigger="start_precheck", title="启动规划与规模核查", source="block_planned", dest="precheck",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="三(二)4(1)",
    ),
    Step(
        trigger="dispatch_survey", title="通过核查，发起16家联合踏勘", source="precheck", dest="joint_survey",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="四(二)6¶2",
        fields=(
            Field("mineral_use", "矿产用途", hint="附件3未写明，规模标准随用途不同"),
            Field("resource_basis", "资源量依据", hint="附件3只是预测资源量"),
            Field("planned_scale", "拟定生产规模", "number", unit="万吨/年"),
            Field("scale_class", "矿床和生产规模等级", "choice", choices={"medium": "中型", "large": "大型"},
                  hint="方案要求均达到中型及以上"),
            Field("scale_standard", "所用规模划分标准"),
            Field("planning_basis", "所依据的规划（超出2021—2025年规划期时必填）", required=False),
            Field("layers_checked", "禁止采矿区域图层已核查（国土空间、生态红线、城镇边界、耕地、自然保护地）", "yes"),
            Field("survey_on", "踏勘日期", "date", required=False),
            Field("reply_by", "要求反馈日期", "date", required=False),
        ),
        guards=(guards.PLAN_IN_FORCE,), emits=(Emits("site_survey_notice", p.NATURAL_RESOURCES),),
        opens=(Opens("referral", each="survey_unit", carry=("reply_by", "survey_on")),),
    ),
    Step(
        trigger="fix_boundary", title="划定出让范围", source="joint_survey", dest="boundary_fixed",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE, p.FORESTRY, p.TOWNSHIP), clause="四(二)6¶2",
        fields=(Field("coordinates", "拐点坐标（2000国家大地坐标系）"), Field("land_scheme", "采矿用地方案及林草衔接")),
        guards=(guards.ALL_OPINIONS, guards.NO_OBJECTION),
        emits=(Emits("opinion_summary", p.NATURAL_RESOURCES), Emits("transfer_scope_report", p.NATURAL_RESOURCES)),
    ),
    Step(
        trigger="record_conflict", title="认定存在重叠障碍", source="joint_survey", dest="conflict",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="四(二)6¶2",
        fields=(Field("conflict", "重叠的对象和位置"),), guards=(guards.SOME_OBJECTION,), exceptional=True,
    ),
    Step(
        trigger="resurvey", title="调整范围，请有意见单位复核", source="conflict", dest="joint_survey",
        lead=p.NATURAL_RESOURCES, cooperating=(p.GROUP_OFFICE,), clause="四(二)6¶2",
        fields=(
            Field("adjustment", "范围调整情况"), Field("reply_by", "要求反馈日期", "date", required=False),
        ),
        opens=(Opens("referral", each="objecting_unit", carry=("reply_by", "adjustment")),), exceptional=True,
    ),
    Step(
        trigger="approve_block", title="县政府批准拟设", source="boundary_fixed", dest="county_approved",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE), evidence=(forms.APPROVAL,),
    ),
    Step(
        trigger="return_boundary", title="退回重新划定", source="boundary_fixed", dest="joint_survey",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP,), clause="四(二)1", fields=(forms.REASON,),
        exceptional=True,
    ),
    Step(
        trigger="enter_transfer_plan", title="列入出让计划", source="county_approved", dest="in_transfer_plan",
        lead=p.NATURAL_RESOURCES, cooperating=(p.WORKING_GROUP,), clause="五(二)¶1",
        fields=(Field("transferor", "有出让权限的机关", hint="县、市或省自然资源主管部门，按矿种权限"),),
        evidence=(Evidence("transfer_plan", "年度出让计划", "有出让权限的机关"),),
    ),
    Step(
        trigger="announce", title="发布出让公告", source=("in_transfer_plan", "failed_bid"), dest="announced",
        lead=p.TRANSFEROR, cooperating=(p.NATURAL_RESOURCES, p.PLATFORM), clause="四(二)6",
        fields=(
            Field("announcement_number", "平台公告编号"), Field("announced_on", "公告日期", "date", past=True),
        ),
        evidence=(Evidence("announcement", "出让公告", "省交易平台"),),
    ),
    Step(
        trigger="record_sale", title="登记成交", source="announced", dest="sold",
        lead=p.TRANSFEROR, cooperating=(p.NATURAL_RESOURCES, p.PLATFORM), clause="四(二)6",
        fields=(
            Field("buyer", "竞得人"), Field("price", "成交价", "money", unit="万元"),
            Field("sold_on", "成交日期", "date", past=True),
        ),
        evidence=(Evidence("sale_confirmation", "成交确认书", "省交易平台"),), due=_SALE_DUE, due_in=_BEFORE_SALE,
    ),
    Step(
        trigger="record_failed_bid", title="登记流拍", source="announced", dest="failed_bid",
        lead=p.TRANSFEROR, cooperating=(p.NATURAL_RESOURCES, p.PLATFORM), clause="四(二)6", fields=(forms.REASON,),
        evidence=(Evidence("failed_bid_notice", "流拍公告", "省交易平台"),), exceptional=True,
    ),
    Step(
        trigger="sign_contract", title="签订出让合同", source="sold", dest="contracted",
        lead=p.TRANSFEROR, cooperating=(p.NATURAL_RESOURCES, p.TAX), clause="五(二)¶7",
        fields=(Field("contract_number", "合同编号"), Field("proceeds_paid", "出让收益缴纳情况")),
        evidence=(Evidence("contract", "出让合同", "有出让权限的机关"),),
    ),
    Step(
        trigger="register_right", title="采矿权登记", source="contracted", dest="right_registered",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES,), clause="五(二)¶2",
        fields=(Field("right_certificate", "矿业权证书编号"),),
        evidence=(Evidence("right_certificate_copy", "矿业权证书", "登记机关"),),
    ),
    Step(
        trigger="obtain_licence", title="领取采矿许可证", source="right_registered", dest="licensed",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.ECOLOGY), clause="四(二)4",
        fields=(Field("licence_number", "采矿许可证号"), Field("valid_to", "许可证有效期至", "date")),
        evidence=(Evidence("approved_plans", "批准的开采方案和修复方案", "登记机关"),),
    ),
    Step(
        trigger="complete_approvals", title="环评、用地、设计、安全审批办结", source="licensed", dest="approved_to_build",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.APPROVAL, p.EMERGENCY, p.FORESTRY), clause="五(二)¶4",
        fields=(Field("build_by", "批准的基建期届满日", "date"),),
        evidence=(Evidence("approval_documents", "各项批复文件", "各审批部门"),),
    ),
    Step(
        trigger="start_works", title="开工建设", source="approved_to_build", dest="constructing",
        lead=p.HOLDER, cooperating=(p.EMERGENCY, p.TOWNSHIP), clause="三(二)4(2)",
        fields=(Field("started_on", "开工日期", "date", past=True),),
    ),
    Step(
        trigger="accept_works", title="竣工验收合格", source="constructing", dest="built",
        lead=p.NATURAL_RESOURCES, cooperating=(p.EMERGENCY, p.ECOLOGY), clause="五(二)¶2",
        fields=(Field("green_mine_met", "达到绿色矿山建设标准", "yes"), Field("result", "验收意见")),
        evidence=(Evidence("acceptance_record", "竣工验收记录", "县自然资源局"),), due=_BUILD_DUE,
        emits=(Emits("completion_opinion", p.NATURAL_RESOURCES),),
    ),
    Step(
        trigger="start_production", title="投产", source="built", dest="producing",
        lead=p.HOLDER, cooperating=(p.EMERGENCY, p.NATURAL_RESOURCES), clause="五(二)¶3",
        fields=(Field("safety_permit", "安全生产许可证号"),),
        evidence=(Evidence("safety_permit_copy", "安全生产许可证", "应急部门"),),
    ),
    Step(
        trigger="defer_transfer", title="调整出让年度（待批）", source=_DEFERRABLE, dest="deferred",
        lead=p.NATURAL_RESOURCES, cooperating=(p.WORKING_GROUP, p.GROUP_OFFICE), clause="四(二)6",
        fields=(forms.REASON,), exceptional=True,
    ),
    Step(
        trigger="reinstate", title="批准新的出让年度", source="deferred", dest="block_planned",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(
            Field("transfer_year", "新的拟出让年度", "number", low=2020, high=2100, unit="年"), forms.APPROVAL_NUMBER,
            forms.APPROVAL_DATE,
        ),
        evidence=(forms.APPROVAL,), exceptional=True,
    ),
    Step(
        trigger="withdraw_block", title="撤销拟设", source=(*_DEFERRABLE, "deferred"), dest="withdrawn",
        lead=p.COUNTY_GOVERNMENT, cooperating=(p.WORKING_GROUP, p.NATURAL_RESOURCES), clause="四(二)1",
        fields=(forms.APPROVAL_NUMBER, forms.APPROVAL_DATE, forms.REASON), evidence=(forms.APPROVAL,), exceptional=True,
    ),
    *standing(STATES),
)  # fmt: skip

NEW_RIGHT = Procedure(
    id="new_right",
    title="配置新设",
    kind="route",
    clause="三(二)4",
    initial="block_planned",
    states=STATES,
    steps=STEPS,
    asks=(Field("transfer_year", "拟出让年度", "number", low=2020, high=2100, unit="年"),),
)
