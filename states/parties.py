"""Who acts: organs with a fixed name, and roles that each mine or case fills with its own organ.

Source: 五(二), 四(二)6, 附件1. County names, aliases and addresses are data (`plans/<county>/organs.toml`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Party:
    """An organ, or a role that a fact of the mine or case resolves to an organ."""

    #: Stable identifier, also the organ's key in the database (`natural_resources`).
    id: str
    #: Name used on cards and screens.
    name: str
    #: Fact that names the organ (`township_id`), empty for a fixed organ.
    fact: str = ""
    #: True for a body without enforcement capacity of its own.
    temporary: bool = False

    @property
    def is_role(self) -> bool:
        return bool(self.fact)

    def __str__(self) -> str:
        return self.name


COUNTY_GOVERNMENT = Party("county_government", "县人民政府")
WORKING_GROUP = Party("working_group", "县非煤矿产资源综合整治提升工作组", temporary=True)
GROUP_OFFICE = Party("group_office", "工作组办公室", temporary=True)
NATURAL_RESOURCES = Party("natural_resources", "县自然资源局")
EMERGENCY = Party("emergency", "县应急管理局")
APPROVAL = Party("approval", "县行政审批服务管理局")
ECOLOGY = Party("ecology", "晋城市生态环境局阳城分局")
FINANCE = Party("finance", "县财政局")
TAX = Party("tax", "县税务局")
DEVELOPMENT = Party("development", "县发展和改革部门")
INDUSTRY = Party("industry", "县工信部门")
HOUSING = Party("housing", "县住建部门")
HIGHWAY = Party("highway", "县公路部门")
TRANSPORT = Party("transport", "县交通部门")
POWER = Party("power", "县电力部门")
WATER = Party("water", "县水务部门")
CULTURE_TOURISM = Party("culture_tourism", "县文旅部门")
BROADCASTING = Party("broadcasting", "县广电部门")
FORESTRY = Party("forestry", "县林业部门")
PUBLIC_SECURITY = Party("public_security", "县公安部门")
PLATFORM = Party("platform", "省自然资源网上交易平台")

TOWNSHIP = Party("township", "矿山所在乡(镇)人民政府", fact="township_id")
VILLAGE = Party("village", "所在村(社区)", fact="village_id")
HOLDER = Party("holder", "采矿权人", fact="holder_id")
REGISTRAR = Party("registrar", "登记(发证)机关", fact="registrar_id")
ENFORCER = Party("enforcer", "依法有权的监管部门", fact="enforcer")
TRANSFEROR = Party("transferor", "有出让权限的自然资源主管部门", fact="transferor")
SUBJECT_ORGAN = Party("subject_organ", "被征求(协办)单位", fact="subject_id")
THIRD_PARTY = Party("third_party", "第三方治理单位", fact="third_party")

#: The organs that may be named as `enforcer`, each in its own field (五(二)).
ENFORCERS = (NATURAL_RESOURCES, EMERGENCY, ECOLOGY)

#: The sixteen units of the joint site survey, in the plan's own order (四(二)6¶2).
SURVEY_UNITS = (
    DEVELOPMENT, APPROVAL, INDUSTRY, NATURAL_RESOURCES, ECOLOGY, HOUSING, HIGHWAY, TRANSPORT,
    POWER, WATER, CULTURE_TOURISM, BROADCASTING, EMERGENCY, FORESTRY, TOWNSHIP, VILLAGE,
)  # fmt: skip

FIXED = (
    COUNTY_GOVERNMENT, WORKING_GROUP, GROUP_OFFICE, NATURAL_RESOURCES, EMERGENCY, APPROVAL, ECOLOGY,
    FINANCE, TAX, DEVELOPMENT, INDUSTRY, HOUSING, HIGHWAY, TRANSPORT, POWER, WATER,
    CULTURE_TOURISM, BROADCASTING, FORESTRY, PUBLIC_SECURITY, PLATFORM,
)  # fmt: skip
ROLES = (TOWNSHIP, VILLAGE, HOLDER, REGISTRAR, ENFORCER, TRANSFEROR, SUBJECT_ORGAN, THIRD_PARTY)

BY_ID = {party.id: party for party in FIXED + ROLES}

#: Ids of the working group and its office, who may record for other organs and take entries back.
OFFICES = (GROUP_OFFICE.id, WORKING_GROUP.id)
#: Ids of the organs above the procedure.
ABOVE = (*OFFICES, COUNTY_GOVERNMENT.id)
