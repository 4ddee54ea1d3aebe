"""Every kind of paper drawn from fictional values (演示数据), so that a template can be looked at before any case."""

from collections.abc import Mapping
from typing import Any

from notifications.documents.compose import compose
from notifications.documents.errors import OpenValues
from notifications.documents.model import OfficialDocument
from office.papers.example_check import CHECK
from office.papers.example_report import REPORT
from office.papers.example_survey import SURVEY
from office.papers.paper_fields import field_of
from states.documents import DocumentKind

_DAY = "2026-11-23"
_ROWS = [
    {"number": f"演示-{n}", "mine": mine, "holder": f"{mine}业公司", "township": "演示镇人民政府", "mineral": mineral,
     "route": route, "state": "演示环节", "lead": "演示县自然资源局", "due_on": "2026-12-20", "days_left": 27,
     "next": "演示下一环节", "licence_number": "", "valid_to": "2028-11-29", "exit_year": "2026", "scale": "10",
     "overdue": False, "note": "演示", "reason": "演示理由", "proposed_route": ""}
    for n, (mine, mineral, route) in enumerate(
        (("演示甲矿", "石灰岩", "引导退出"), ("演示乙矿", "砂岩", "升级改造")), start=1
    )
]  # fmt: skip
_OFFICE: dict[str, Any] = {
    "as_of": _DAY, "week_from": "2026-11-23", "week_to": "2026-11-29", "chain_head": "演示", "rows": _ROWS,
    "counts": {"total": 2, "open": 2, "overdue": 0, "due_soon": 1, "closed": 0},
    "by_route": [{"name": "引导退出", "count": 1}, {"name": "升级改造", "count": 1}],
    "by_state": [{"name": "演示环节", "count": 2}],
    "moved": [{"number": "演示-1", "mine": "演示甲矿", "step": "演示环节", "occurred_on": _DAY, "organ": "演示县自然资源局"}],
    "report": REPORT, "check": CHECK, "survey": SURVEY,
}  # fmt: skip
_VOLUME = [
    {"title": "演示文书", "number": "演示发〔2026〕1号", "date": _DAY, "maker": "演示县自然资源局", "pages": "", "note": "演示"}
]  # fmt: skip
_OPINIONS = [
    {"organ": "演示甲单位", "answer": "无意见", "opinion": "", "answered_on": "2026-11-02"},
    {"organ": "演示乙单位", "answer": "有意见", "opinion": "演示意见内容", "answered_on": "2026-11-03"},
]  # fmt: skip
_MINE = {
    "name": "演示甲矿", "holder": "演示甲矿业公司", "mineral": "石灰岩", "township": "演示镇人民政府", "code": "演示-1",
    "licence_number": "（演示许可证号）", "scale": "10", "area": "0.26", "location": "演示镇演示村", "valid_from": "2016-11-29",
    "valid_to": "2028-11-29", "credit_code": "（演示信用代码）",
}  # fmt: skip
_BY_TYPE = {"date": "2026-12-31", "days": "5", "number": "10", "money": "12345.60", "yes": "是",
            "document_number": "演示发〔2026〕1号"}  # fmt: skip
#: No template asks for values more often than this.
_ROUNDS = 8


def example(kind: DocumentKind, plan: Mapping[str, Any]) -> OfficialDocument:
    """A paper of a kind about a mine that does not exist."""
    office = {"rows": _VOLUME} if kind.id == "volume_contents" else {} if kind.scope == "case" else _OFFICE
    data: dict[str, Any] = {
        "mine": dict(_MINE), "case": {"number": "演示-1", "procedure": "演示程序", "state": "演示环节"},
        "facts": {"opinions": _OPINIONS}, "issuer": {"id": kind.issuers[0].id, "name": kind.issuers[0].name},
        "recipient": {"name": kind.recipient.name if kind.recipient else _MINE["holder"]},
        "plan": dict(plan), "office": office, "date": _DAY, "today": _DAY, "number": "",
    }  # fmt: skip
    for _ in range(_ROUNDS):
        try:
            return compose(kind, data)
        except OpenValues as asked:
            for path, words in asked.values:
                group, _, name = path.partition(".")
                data[group][name] = _value(name, words)
    return compose(kind, data)


def _value(name: str, words: str) -> str:
    field = field_of(name, words)
    if field.choices:
        return next(iter(field.choices))
    return _BY_TYPE.get(field.type, f"（演示：{words}）")
