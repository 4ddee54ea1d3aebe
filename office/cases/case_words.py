"""What the recorded values of a case are called in Chinese, and how one is written out."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from notifications.documents.labels import FACTS as PAPER_LABELS
from states.answers import FACTS as CRITERIA
from states.fields import Field
from states.intake import ROUTES
from states.permits import KINDS
from states.registry import PROCEDURES
from states.survey import ITEMS
from workflow.register import MINE_FIELDS

_MORE = {
    "township_id": "所在乡(镇)", "village_id": "所在村(社区)", "registrar_id": "登记(发证)机关", "subject_id": "被征求(协办)单位",
    "enforcer": "依法有权的监管部门", "transferor": "出让机关", "third_party": "第三方治理单位", "permit_kind": "证照种类",
    "permit_id": "证照", "purpose": "办理目的", "exit_mode": "关闭退出方式", "exit_year": "关闭退出年度",
    "transfer_year": "拟出让年度", "listed_way": "名录所列方式", "listed_year": "名录所列年度",
    "licence_number": "采矿许可证号", "location": "地理位置", "holder_id": "采矿权人", "row": "附件序号", "name": "名称",
}  # fmt: skip


@cache
def form_fields(procedure: str) -> Mapping[str, Field]:
    """All that the procedure's forms ask for, by name."""
    definition = PROCEDURES[procedure]
    fields = [*definition.asks, *(field for step in definition.steps for field in step.fields)]
    return {field.name: field for field in reversed(fields)}


def _field_of(procedure: str, name: str) -> Field | None:
    """How a value is typed: on the procedure's own forms, when a mine is registered, or in the survey."""
    surveyed = ITEMS[name].field if name in ITEMS else None
    return form_fields(procedure).get(name) or MINE_FIELDS.get(name) or surveyed


def label_of(procedure: str, name: str) -> str:
    """The Chinese name of a recorded value; its own name where nobody has given it one."""
    field = _field_of(procedure, name)
    return field.label if field else _MORE.get(name) or CRITERIA.get(name) or PAPER_LABELS.get(name) or name


def known_label(procedure: str, name: str) -> bool:
    return label_of(procedure, name) != name


def value_words(procedure: str, name: str, value: Any, organs: Mapping[str, str]) -> str:
    """A stored value as a person reads it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    return _text_words(procedure, name, str(value), organs) if isinstance(value, str | int) else _list_words(value)


def _list_words(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text_words(procedure: str, name: str, text: str, organs: Mapping[str, str]) -> str:
    field = _field_of(procedure, name)
    if field and field.choices and text in field.choices:
        return field.choices[text]
    if name == "permit_kind":
        return KINDS.get(text, text)
    if name == "listed_way":
        return ROUTES.get(text, text)
    if text in organs and (name in _MORE or name.endswith("_id")):
        return organs[text]
    return f"{text} {field.unit}" if field and field.unit else text
