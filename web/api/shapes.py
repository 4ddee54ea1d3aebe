"""What the interface takes and answers; days are ISO dates of Asia/Shanghai."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from states.fields import FieldError, clean_text


def _clean(text: str) -> str:
    try:
        return clean_text(text, "内容")
    except FieldError as error:
        raise ValueError(str(error)) from None


#: Text without control characters, so that it can be stored and shown everywhere.
Clean = Annotated[str, Field(max_length=4000), AfterValidator(_clean)]


class Shape(BaseModel):
    """Nothing beyond what is named."""

    model_config = ConfigDict(extra="forbid")


class NewStep(Shape):
    """One step to take."""

    occurred_on: date = Field(description="办理日期")
    fields: dict[Clean, Clean | int | bool] = Field(
        default_factory=dict, max_length=100, description="环节表单的填写项"
    )
    expected_version: int | None = Field(default=None, ge=0, le=2**31 - 1, description="所见案件的记录次数；不符则拒绝")


class Problem(BaseModel):
    """Why a call was refused; nothing was changed."""

    error: str = Field(description="not_found、bad_input、refused、conflict、unauthorized、forbidden、unfit")
    message: str = Field(description="可以直接给经办人看的一句话")
    blockers: list[dict[str, str]] = Field(default_factory=list, description="缺什么、由谁负责、依据哪一条")
    version: int | None = Field(default=None, description="冲突时案件现在的记录次数")


class CaseRow(BaseModel):
    """A case in a list."""

    case: str
    mine: str
    holder: str
    procedure: str
    procedure_label: str
    state: str
    state_label: str
    version: int
    lead: str
    due_on: date | None
    days_left: int | None
    suspended_on: date | None
    demo: bool


class CasePage(BaseModel):
    """Cases in the order of their internal number; `next` is handed over as `after`."""

    cases: list[CaseRow]
    next: int | None = Field(description="还有更多时，下一页的 after")


class CaseFile(BaseModel):
    """Everything on record about one case."""

    model_config = ConfigDict(extra="allow")

    case: str
    version: int
    state: str
    next: list[dict[str, Any]] = Field(description="可以办理的环节、填写项、材料和障碍")


class Advanced(BaseModel):
    """The case after a step."""

    case: str
    state: str
    state_label: str
    version: int


class Filed(BaseModel):
    """A file that was put on record and waits for its step."""

    case: str
    evidence: str
    filename: str
    sha256: str
    size: int


class DeadlineRow(BaseModel):
    """A running deadline."""

    case: str
    mine: str
    trigger: str
    step: str
    due_on: date
    days_left: int
    provisional: bool


class StepCard(BaseModel):
    """One step of a procedure."""

    trigger: str
    title: str
    sources: list[str]
    dest: str
    lead: str
    clause: str
    fields: list[dict[str, Any]]
    evidence: list[dict[str, str]]
    documents: list[str]


class ProcedureCard(BaseModel):
    """A state machine of the plan."""

    id: str
    title: str
    kind: str
    clause: str
    initial: str
    states: list[dict[str, Any]]
    steps: list[StepCard]
