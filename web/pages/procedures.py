"""流程与条款: the procedures as diagrams and tables, the clauses with what rests on them, and 流程体检."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response
from markupsafe import Markup

from office.plan.checkup import answers
from office.plan.citations import Uses, uses
from office.plan.plan_text_store import clause_text, keep, loaded
from states import describe
from states.check import summary
from states.clauses import CLAUSES, exists
from states.due import BASIS_LABELS
from states.kernel import Procedure
from states.plan_verify import Finding
from states.registry import PROCEDURES
from web.charts.states import diagram
from web.desk import ANYBODY, Desk, allow
from workflow.errors import BadInput, NotFound

router = APIRouter()
TABS = (("/procedures", "流程"), ("/clauses", "条款"), ("/check", "流程体检"))
LOADS = allow("office", "sysadmin")
#: Columns of the table of steps: heading and the headings of `describe` that stand below it.
_COLUMNS = (
    ("牵头、配合", ("牵头", "配合")), ("依据", ("依据",)), ("填写", ("填写",)), ("材料", ("材料",)),
    ("条件", ("条件",)), ("期限及依据", ("期限及依据",)), ("文书", ("文书", "并行事项")),
)  # fmt: skip


@router.get("/procedures")
def procedures(desk: Annotated[Desk, ANYBODY]) -> Response:
    groups = [
        (label, [_facts(procedure) for procedure in PROCEDURES.values() if procedure.kind == kind])
        for kind, label in describe.KINDS.items()
    ]
    return desk.page("procedures.html.j2", tabs=TABS, groups=groups)


@router.get("/procedures/{name}")
def procedure(desk: Annotated[Desk, ANYBODY], name: str) -> Response:
    found = PROCEDURES.get(name)
    if found is None:
        raise NotFound("没有这个办理程序：请从“流程与条款”中选择。")
    return desk.page(
        "procedure.html.j2", tabs=TABS, procedure=found, facts=_facts(found), drawn=_drawn(found.id), asks=describe.asked(found),
        columns=_COLUMNS, steps=[(step, describe.step_cells(step, found, PROCEDURES)) for step in describe.own_steps(found)],
        state_heads=describe.STATE_HEADINGS, states=[describe.state_cells(state, found) for state in found.states],
        procedures=PROCEDURES, clauses=_clauses(found.clause), bases=BASIS_LABELS,
    )  # fmt: skip


@router.get("/clauses")
def clauses(desk: Annotated[Desk, ANYBODY]) -> Response:
    return _clause_page(desk)


@router.post("/clauses/text")
def load(desk: Annotated[Desk, LOADS]) -> Response:
    """The official text: kept where it agrees with the system in every clause and row."""
    files = desk.form.files("file")
    if not files:
        return _clause_page(
            desk, 422, problem="还没有选择文件：请选择方案正式文本（UTF-8 纯文本或 Markdown），再核对。"
        )
    name, data = files[0].stored.filename, files[0].data
    try:
        with desk.writing() as session:
            findings = keep(desk.office, session, name, data, by=desk.person.name, on=desk.today)
    except BadInput as error:
        return _clause_page(desk, 422, problem=str(error))
    if findings:
        return _clause_page(desk, 422, findings=findings, name=name)
    return desk.go("/clauses", "正式文本与系统逐条核对一致，已载入；各条款下和案件页上现在可以看到原文。")


@router.get("/check")
def check(desk: Annotated[Desk, ANYBODY]) -> Response:
    found = answers(desk.session)
    parts = [(procedure, [line.strip() for line in list(summary(procedure))[1:]]) for procedure in PROCEDURES.values()]
    return desk.page(
        "check.html.j2", tabs=TABS, checks=found, problems=sum(len(problems) for _, problems in found), parts=parts,
        states=sum(len(procedure.states) for procedure in PROCEDURES.values()),
        steps=sum(len(describe.own_steps(procedure)) for procedure in PROCEDURES.values()),
    )  # fmt: skip


def _clause_page(
    desk: Desk, status: int = 200, *, problem: str = "", findings: list[Finding] | None = None, name: str = ""
) -> Response:
    own = loaded(desk.session)
    texts = {place: clause_text(desk.session, desk.office.store, place) for place in CLAUSES} if own else {}
    nothing = Uses()
    tree = [(clause, _level(place), uses().get(place, nothing), texts.get(place)) for place, clause in CLAUSES.items()]
    return desk.page(
        "clauses.html.j2", status, tabs=TABS, tree=tree, loaded=own, problem=problem, findings=findings, name=name,
        may_load=desk.person.role in ("office", "sysadmin"), cited=len(uses()),
    )  # fmt: skip


def _level(place: str) -> int:
    """How deep a clause lies: 三 0, 三(二) 1, 三(二)1 2, 三(二)1(2) 3; a paragraph, principle or row one below its place."""
    for mark in "—¶#":
        if mark in place:
            return _level(place.split(mark, maxsplit=1)[0]) + 1
    if place[0] not in "一二三四五":
        return 0
    rest = place[1:]
    return 0 if not rest else 1 if rest.count("(") == 1 and rest.endswith(")") else 2 + (rest.count("(") - 1)


def _facts(found: Procedure) -> Mapping[str, object]:
    """What a procedure consists of, for its card."""
    steps = describe.own_steps(found)
    return {
        "procedure": found, "kind": describe.KINDS[found.kind], "about": describe.about(found), "states": len(found.states),
        "ends": sum(state.final for state in found.states), "steps": len(steps), "dues": sum(bool(s.due) for s in steps),
        "documents": len({emits.kind for emits in (*found.emits, *(e for s in steps for e in s.emits))}),
    }  # fmt: skip


def _clauses(text: str) -> list[tuple[str, str]]:
    """The clauses of a procedure, each with its heading."""
    return [(part, CLAUSES[part].heading) for one in text.split("；") if exists(part := one.strip())]


_kept: dict[str, Markup] = {}


def _drawn(name: str) -> Markup:
    """The bare diagram of a procedure; drawn once, as a procedure never changes while the program runs."""
    if name not in _kept:
        _kept[name] = diagram(PROCEDURES[name])
    return _kept[name]
