"""矿山环境治理恢复基金（矿区生态修复费用）年度监管 (二(四), 四(二)4): one case a mine and year."""

from states import due
from states import parties as p
from states.due import Due
from states.fields import Evidence, Field
from states.kernel import STAY, CaseState, Opens, Procedure, Step
from states.standing import standing

STATES = (
    CaseState("plan_due", "待报年度计划", p.HOLDER),
    CaseState("planned", "年度计划已备案", p.HOLDER),
    CaseState("accrued", "已足额提取", p.HOLDER),
    CaseState("short", "提取不足", p.HOLDER),
    CaseState("used", "使用情况已报", p.NATURAL_RESOURCES, no_deadline="方案没有规定核查期限"),
    CaseState("audited", "核查完毕", final=True),
)

_YEAR_DUE = Due(due.year_end("fund_year"), "计划年度12月31日", "plan", "二(四)")

STEPS = (
    Step(
        trigger="file_plan", title="年度修复计划备案", source="plan_due", dest="planned",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.ECOLOGY), clause="二(四)",
        evidence=(Evidence("yearly_plan", "年度治理恢复计划", "采矿权人"),),
    ),
    Step(
        trigger="confirm_accrual", title="核实足额提取", source=("planned", "short"), dest="accrued",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY, p.HOLDER), clause="四(二)4",
        fields=(Field("accrued_amount", "提取金额", "money", unit="元"),),
        evidence=(Evidence("account_statement", "基金账户凭证", "采矿权人"),),
        due=_YEAR_DUE, due_in=("plan_due",),
    ),
    Step(
        trigger="find_shortfall", title="认定提取不足", source="planned", dest="short",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="四(二)4", fields=(Field("breach", "不足的事实"),),
        exceptional=True,
    ),
    Step(
        trigger="order_rectification", title="责令限期整改", source="short", dest=STAY,
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="四(二)4",
        opens=(Opens("rectification", carry=("breach",)),), exceptional=True,
    ),
    Step(
        trigger="report_use", title="报送使用情况", source="accrued", dest="used",
        lead=p.HOLDER, cooperating=(p.NATURAL_RESOURCES, p.ECOLOGY), clause="二(四)",
        fields=(Field("used_amount", "使用金额", "money", unit="元"),),
        evidence=(Evidence("use_report", "年度使用报告", "采矿权人"),), due=_YEAR_DUE,
    ),
    Step(
        trigger="audit", title="核查使用情况", source="used", dest="audited",
        lead=p.NATURAL_RESOURCES, cooperating=(p.ECOLOGY,), clause="四(二)4", fields=(Field("result", "核查意见"),),
    ),
    *standing(STATES),
)  # fmt: skip

FUND = Procedure(
    id="fund",
    title="修复基金年度监管",
    kind="track",
    clause="二(四)",
    initial="plan_due",
    states=STATES,
    steps=STEPS,
    asks=(Field("fund_year", "计划年度", "number", low=2020, high=2100, unit="年"),),
)
