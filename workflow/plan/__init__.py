"""A county's plan as data: `read_plan` checks the folder, `load_plan` writes it into an empty case file."""

from workflow.plan.data import OpenQuestion, Plan, PlanOrgan, PlanRow
from workflow.plan.files import PlanError
from workflow.plan.loading import OFFICE, OpenCase, load_plan
from workflow.plan.reading import read_plan

__all__ = ["OFFICE", "OpenCase", "OpenQuestion", "Plan", "PlanError", "PlanOrgan", "PlanRow", "load_plan", "read_plan"]
