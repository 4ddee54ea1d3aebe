"""A small survey of mines that do not exist, for the example of the report on it (演示数据)."""

from datetime import date

from workflow.models import Mine
from workflow.survey_paper import told

_MINES = [
    Mine(code="演示-1", kind="mine", name="演示甲矿", holder="演示甲矿业公司", mineral="石灰岩", source="演示", facts={
        "licence_number": "C1499992016117130149999", "valid_to": "2028-11-29", "safety_permit_valid_to": "2027-05-31",
        "production_status": "正常生产", "is_mining": "yes", "scale": "10", "mechanised": "yes", "green_mine": "no",
        "facility_investment": "860", "penalty_emergency": "边坡过陡，已整改并复查通过", "illegal_works": "no",
        "meets_requirements": "yes",
    }),
    Mine(code="演示-2", kind="mine", name="演示乙矿", holder="演示乙矿业公司", mineral="砂岩", source="演示", facts={
        "valid_to": "2025-05-21", "production_status": "停产", "is_mining": "no", "idle_months": "14",
    }),
]  # fmt: skip
SURVEY = told(_MINES, date(2026, 11, 23), {})
