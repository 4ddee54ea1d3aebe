"""A fictional case that knows everything any document asks for, and ways to read what came out."""

import io
from datetime import date
from typing import Any

import docx
from docx.document import Document

from notifications.documents.compose import compose
from notifications.documents.docx import write_docx
from notifications.documents.model import Block, FormTable, OfficialDocument, Table
from office.papers.example_check import CHECK
from office.papers.example_report import REPORT
from office.papers.example_survey import SURVEY
from states.documents import BY_ID

FACTS: dict[str, Any] = {
    "acceptance_by": "2027-12-31", "accepted_on": "2026-11-20", "amount": "1234567.8", "approval_date": "2026-03-02",
    "approval_number": "演政函〔2026〕5号", "breach": "采场边坡未治理；\n恢复基金未足额提取。",
    "checklist_passed": True, "closure_standard": "演示关闭标准", "contact": "演示联系人，000-0000000",
    "coordinates": "1，100.00，200.00", "demand_days": "5", "design_by": "2027-03-31",
    "design_opinion": "同意通过审查", "document_number": "演自然资责改〔2026〕3号", "document_title": "责令限期整改通知书",
    "exit_year": "2026", "extension_basis": "工作方案第四章", "extension_reason": "设备到货延迟", "findings": "边坡仍未治理",
    "hearing_outcome": "未要求听证", "holder_address": "演示镇一号", "land_scheme": "不涉及林地", "layers_checked": True,
    "legal_basis": "《演示法》第一条。", "legal_ground": "unsafe", "listed_on": "2026-10-08", "measures_by": "2026-12-05",
    "mineral_use": "建筑石料",
    "opinions": [
        {"organ": "演示水务局", "answer": "无意见", "opinion": "", "answered_on": "2026-11-02"},
        {"organ": "演示公路局", "answer": "有意见", "opinion": "距省道不足300米", "answered_on": "2026-11-03"},
        {"organ": "演示林业局", "answer": "", "opinion": "", "answered_on": ""},
    ],
    "patrol_plan": "每月巡查一次", "pay_by": "2026-12-31", "permit_number": "演示许可1号", "plan_by": "2026-12-31",
    "planned_scale": "100", "planning_basis": "演示规划", "proposed_route": "guided_exit",
    "publicity_from": "2026-11-24", "publicity_to": "2026-12-08", "reason": "服务年限不足",
    "rectify_by": "2026-12-23", "registrar_name": "演示登记机关", "reinspection_result": "整改到位", "remaining_life": "8",
    "remedy": "可以依法申请行政复议。", "reply_by": "2026-12-05", "request": "提供资料\n提出意见",
    "requirements": "1. 治理采场边坡\n2、补提恢复基金", "resource_basis": "普查报告", "restore_by": "2027-06-30",
    "result": "同意", "scale_class": "medium", "scale_standard": "演示标准", "served_on": "2026-11-01",
    "stop_on": "2026-11-27", "stopped_on": "2026-11-27", "substitute_content": "削坡、覆土", "substitute_cost": "560000",
    "substitute_from": "2026-12-15", "survey_by": "2026-12-01", "survey_facilities": "机械化", "survey_on": "2026-11-26",
    "survey_operation": "正常生产", "survey_penalties": "无处罚", "survey_permits": "证照齐全", "target_scale": "100",
    "third_party": "演示修复公司", "transfer_to": "演示县监察机关", "transfer_year": "2027", "works_by": "2027-10-31",
}  # fmt: skip

MINE: dict[str, Any] = {
    "name": "演示青石岭石灰岩矿", "holder": "演示青石岭矿业有限公司", "mineral": "石灰岩",
    "township": "演示县演示镇人民政府", "code": "9-1", "licence_number": "C1405002016117130143369", "scale": "30",
    "area": "0.26", "location": "演示镇青石村", "valid_from": "2016-11-29", "valid_to": "2028-11-29",
}  # fmt: skip

ROWS: list[dict[str, Any]] = [
    {"number": "9-1", "mine": "演示青石岭石灰岩矿", "holder": "演示青石岭矿业有限公司", "township": "演示县演示镇人民政府",
     "mineral": "石灰岩", "route": "引导退出", "state": "协商退出", "lead": "演示县演示镇人民政府", "due_on": "2026-11-20",
     "days_left": -3, "next": "明确停产日期和修复治理期限", "licence_number": "C1405002016117130143369",
     "valid_to": "2026-11-29", "exit_year": "2026", "scale": "5", "overdue": True, "note": "", "reason": "资源枯竭"},
    {"number": "9-2", "mine": "演示大岭(二号)砂岩矿", "holder": "演示村民委员会", "township": "", "mineral": "砂岩",
     "route": "升级改造", "state": "承诺书待签", "lead": "采矿权人", "due_on": "2026-11-23", "days_left": 0,
     "next": "签订承诺书", "licence_number": "", "valid_to": "", "exit_year": "", "scale": "10", "overdue": False,
     "note": "许可证正在核对", "reason": "可提升至中型规模"},
    {"number": "9-3", "mine": "演示河湾陶瓷土矿", "holder": "演示甲", "township": "演示县演示乡人民政府", "mineral": "陶瓷土",
     "route": "关闭取缔", "state": "已停产", "lead": "演示县演示乡人民政府", "due_on": "", "days_left": None, "next": "",
     "licence_number": "C1405002015057130138449", "valid_to": "2025-05-21", "exit_year": "2025", "scale": "5",
     "overdue": False, "note": "以委托合同为准", "reason": "到期"},
]  # fmt: skip
OFFICE: dict[str, Any] = {
    "as_of": "2026-11-23", "week_from": "2026-11-23", "week_to": "2026-11-29", "chain_head": "128-0a1b2c3d4e5f",
    "rows": ROWS, "counts": {"total": 3, "open": 3, "overdue": 1, "due_soon": 1, "closed": 0},
    "by_route": [{"name": "引导退出", "count": 1}, {"name": "升级改造", "count": 1}, {"name": "关闭取缔", "count": 1}],
    "by_state": [{"name": "协商退出", "count": 1}, {"name": "承诺书待签", "count": 1}, {"name": "已停产", "count": 1}],
    "moved": [{"number": "9-3", "mine": "演示河湾陶瓷土矿", "step": "核实停产", "occurred_on": "2026-11-23",
               "organ": "演示县演示乡人民政府"}],
    "report": REPORT, "check": CHECK, "survey": SURVEY,
}  # fmt: skip
#: What lies in a volume: other columns than a list of cases.
VOLUME: list[dict[str, Any]] = [
    {"title": "停产通知书", "number": "演自然资停〔2026〕1号", "date": "2026-10-20", "maker": "演示县自然资源局", "pages": "",
     "note": "送达 2026-10-21"},
    {"title": "现场核查记录", "number": "", "date": "2026-11-20", "maker": "", "pages": "3", "note": "照片.pdf"},
]  # fmt: skip
#: Papers that are about the office's work, or about several cases.
OFFICE_KINDS = ("survey_notice", "survey_report", "ledger", "weekly_report", "period_report", "list_check")


def case_data(**changes: Any) -> dict[str, Any]:
    """Data for any kind of document; `mine__name=…` and `facts__breach=…` change one value, None removes it."""
    data: dict[str, Any] = {
        "mine": dict(MINE),
        "case": {"number": "9-1", "procedure": "升级改造", "state": "已列入"},
        "facts": dict(FACTS),
        "issuer": {"id": "natural_resources", "name": "演示县自然资源局"},
        "recipient": {"name": "演示县整治提升工作组"},
        "plan": {"number": "演政办发〔2025〕17号", "title": "演示县实施方案"},
        "date": date(2026, 11, 23),
        "office": {},
    }
    for path, value in changes.items():
        group, _, name = path.partition("__")
        if name:
            data[group][name] = value
        else:
            data[group] = value
    return data


def data_for(kind_id: str, **changes: Any) -> dict[str, Any]:
    """Data as the case file gives it for a kind: papers of the office know the office's lists."""
    data = case_data(**changes)
    if "office" not in changes:
        data["office"] = {"rows": VOLUME} if kind_id == "volume_contents" else OFFICE if kind_id in OFFICE_KINDS else {}
    return data


def composed(kind_id: str, **changes: Any) -> OfficialDocument:
    return compose(BY_ID[kind_id], data_for(kind_id, **changes))


def composed_for_several(kind_id: str, **changes: Any) -> OfficialDocument:
    """One paper about all cases of `ROWS`: no case and no mine of its own."""
    return composed(kind_id, **{"mine": {}, "case": {}, "office": OFFICE, **changes})


def reopened(document: OfficialDocument) -> Document:
    """What a word processor would find in the file."""
    return docx.Document(io.BytesIO(write_docx(document)))


def all_text(document: OfficialDocument) -> str:
    """Every word of a document, one part a line."""
    annexes = [line for annex in document.annexes for line in (annex.title, *_lines(annex.blocks))]
    return "\n".join([
        document.mark, document.number, document.signer, "".join(document.title), document.addressee,
        *_lines(document.blocks), document.signature.organ, *document.signature.lines, document.date, document.note,
        *_lines(document.tail), *annexes,
    ])  # fmt: skip


def block_count(document: OfficialDocument) -> tuple[int, ...]:
    """Paragraphs, tables and cells: what a hostile value must not change."""
    lines = list(_lines((*document.blocks, *document.tail)))
    return len(document.blocks), len(document.tail), len(document.annexes), len(lines)


def _lines(blocks: tuple[Block, ...]) -> list[str]:
    lines = []
    for block in blocks:
        if isinstance(block, Table | FormTable):
            rows = (block.head, *block.rows) if isinstance(block, Table) else block.rows
            cells = [cell for row in rows for cell in row]
            lines += ["".join(span.text for line in cell.lines for span in line) for cell in cells]
        else:
            lines.append(getattr(block, "label", "") + "".join(span.text for span in block.text))
    return lines
