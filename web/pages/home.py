"""工作台: where everybody begins: how things stand, what waits for them, and for administrators what is theirs."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from markupsafe import Markup

from office.cases.kept_for import KeptFor
from office.desk import desk_board as board
from office.desk.supervision import overdue_by_organ
from office.desk.waiting import rows
from states.registry import PROCEDURES
from web.charts.bars import ROUTE_COLOURS, progress, stacked
from web.charts.donut import donut
from web.desk import ANYBODY, Desk
from web.frame import NAVIGATION
from workflow.database import SCHEMA_HEAD, schema_version

router = APIRouter()
#: Cases shown on the first page; 我的待办 has them all.
_TOP = 5
_STANDINGS = (
    ("正常", "fine", "fine"),
    ("临期", "soon", "soon"),
    ("逾期", "late", "late"),
    ("未计期限", "none", "plain"),
)
_TASKS = {
    "/people": "建立账号、分配角色、停用与解锁，重置密码", "/audit": "查看操作日志，核验办理记录是否完整",
    "/backup": "备份全部数据，下载和核对备份文件", "/mail": "发信服务器、测试邮件", "/organs": "单位名称、联系人和邮箱",
    "/templates": "文书模板、代字与编号", "/procedures": "流程图、条款与流程体检", "/workdays": "法定节假日与调休",
    "/ladders": "到期前后何时提醒、何时督办",
}  # fmt: skip


@router.get("/")
def home(desk: Annotated[Desk, ANYBODY]) -> Response:
    if not desk.person.reads_cases:
        return _administrators(desk)
    kept, seen = KeptFor(desk.session, desk.person, desk.today), (desk.session, desk.person)
    figures = kept.ask("figures", lambda: board.figures(*seen, desk.today))
    targets = kept.ask("targets", lambda: board.targets(*seen))
    townships = kept.ask("townships", lambda: board.townships(*seen))
    todo = rows(desk.session, desk.person, "mine", desk.today, size=_TOP)
    parts = [(word, getattr(figures, name), tone) for word, name, tone in _STANDINGS]
    return desk.page(
        "home.html.j2", figures=figures, todo=todo, late_organs=_late_organs(desk, kept) if not todo else [],
        pressing=board.pressing(desk.session, desk.person, desk.today), parts=parts,
        ring=donut(parts, title="在办案件"), townships=_townships(desk, townships), targets=_targets(desk, targets),
        this_year=[t for t in targets if t.year == desk.today.year], slip=board.slip(desk.session),
        troubles=board.troubles(desk.session, desk.person),
    )  # fmt: skip


def _late_organs(desk: Desk, kept: KeptFor) -> list[tuple[str, str, int]]:
    """Whom to press, for whoever watches over all and has nothing to take up just now: id, name and overdue."""
    if not desk.person.reads_all:
        return []
    context = desk.context
    counted = kept.ask("overdue", lambda: overdue_by_organ(desk.session, desk.person, desk.today))
    return [(id_, context.organs.get(id_, id_) or "责任单位待明确", many) for id_, many in counted.items()][:6]


def _townships(desk: Desk, counted: dict[str, dict[str, int]]) -> dict[str, Any]:
    """The table of townships: its routes, and a bar for each row."""
    context = desk.context
    routes = [name for name in board.ROUTES if any(name in row for row in counted.values())]
    most = max((sum(row.values()) for row in counted.values()), default=0)
    lines = []
    for township, row in counted.items():
        name = board.short_name(context, township)
        parts = [(PROCEDURES[route].title, row.get(route, 0), ROUTE_COLOURS[route]) for route in routes]
        lines.append((name, stacked(parts, most, title=name), [number for _, number, _ in parts], sum(row.values())))
    return {"routes": [(route, PROCEDURES[route].title) for route in routes], "lines": lines}


def _targets(desk: Desk, targets: list[board.Target]) -> list[tuple[board.Target, Markup, bool]]:
    """Each target with its bar, and whether its year is over with something left to do."""
    return [
        (
            t,
            progress(t.finished, t.total, title=f"{t.year}年{t.title}"),
            t.year < desk.today.year and t.finished < t.total,
        )
        for t in targets
    ]


def _administrators(desk: Desk) -> Response:
    """Who keeps the system sees no case, but that it runs."""
    tasks = [
        (entry, _TASKS[entry.url]) for _, entries in NAVIGATION for entry in entries
        if desk.person.role in entry.roles and entry.url in _TASKS
    ]  # fmt: skip
    return desk.page(
        "home_administrators.html.j2", tasks=tasks, slip=board.slip(desk.session), schema=schema_version(desk.office.engine),
        schema_wanted=SCHEMA_HEAD, database=desk.office.engine.dialect.name,
    )  # fmt: skip
