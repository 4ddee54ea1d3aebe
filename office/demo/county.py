"""The fictional county: the plan's organs under other names, its own townships, no mine of the annexes."""

from dataclasses import replace
from datetime import date

from workflow.plan.data import Plan, PlanOrgan

COUNTY = "演示县"
TOWNSHIPS = ("青石镇", "白云镇", "红崖乡", "清泉镇", "松岭乡")


def demo_plan(plan: Plan) -> Plan:
    """The county's plan with every name replaced; its lists are empty, for the mines are played, not loaded."""
    renamed = [_renamed(organ, plan.county) for organ in plan.organs if organ.kind not in ("township", "village")]
    places = [
        organ
        for n, name in enumerate(TOWNSHIPS, 1)
        for organ in (
            PlanOrgan(township(n), f"{COUNTY}{name}人民政府", "township", "演示数据"),
            PlanOrgan(village(n), f"{name}演示村", "village", "演示数据"),
        )
    ]
    registrar = PlanOrgan("registrar_149999", "演示市规划和自然资源局", "registrar", "演示数据", desk=False)
    return replace(
        plan, county=COUNTY, number=plan.number.replace("阳", "演", 1), title=_name(plan.title, plan.county),
        issuer=_name(plan.issuer, plan.county), organs=(*renamed, registrar, *places), rows=(), issued_on=date(2025, 3, 20),
    )  # fmt: skip


def township(n: int) -> str:
    return f"township_demo_{n}"


def village(n: int) -> str:
    return f"village_demo_{n}"


def _renamed(organ: PlanOrgan, county: str) -> PlanOrgan:
    names = (_name(alias, county) for alias in organ.aliases)
    return replace(organ, name=_name(organ.name, county), aliases=tuple(names))


def _name(text: str, county: str) -> str:
    return text.replace(county, COUNTY).replace("阳城", "演示").replace("晋城市", "演示市").replace("山西省", "演示省")
