"""The fictional figures (演示数据) of the example of a report."""

from typing import Any

REPORT: dict[str, Any] = {
    "word": "月报", "label": "2026年11月", "first": "2026-11-01", "last": "2026-11-30", "at": "2026-11-30 09:00",
    "as_of": "2026-11-30", "chain_head": "128-0a1b2c3d4e5f", "demo": True, "total": 3, "open": 2, "late": 1, "soon": 1,
    "finished": 1, "opened_now": 1, "finished_now": 0, "late_total": 1, "late_more": 0,
    "routes": [
        {"name": "引导退出", "open": 1, "late": 1, "soon": 0, "rest": 0, "finished": 1, "opened_now": 0, "finished_now": 0},
        {"name": "升级改造", "open": 1, "late": 0, "soon": 1, "rest": 0, "finished": 0, "opened_now": 1, "finished_now": 0},
        {"name": "合计", "open": 2, "late": 1, "soon": 1, "rest": 0, "finished": 1, "opened_now": 1, "finished_now": 0},
    ],
    "targets": [{"name": "2026年 引导退出", "total": 2, "finished": 1, "left": 1, "note": "本年度"}],
    "organs": [
        {"name": "演示县演示镇人民政府", "open": 1, "late": 1, "met": 3, "met_late": 1, "on_time": 75},
        {"name": "演示县自然资源局", "open": 1, "late": 0, "met": 0, "met_late": 0, "on_time": None},
    ],
    "work": [
        {"word": "新立案", "number": 1, "unit": "件", "parts": "升级改造 1"},
        {"word": "办结案件", "number": 0, "unit": "件", "parts": ""},
        {"word": "办理环节", "number": 3, "unit": "次", "parts": "引导退出：明确停产日期 1，升级改造：签订承诺书 2"},
        {"word": "出具文书", "number": 2, "unit": "份", "parts": "《停产通知书》 1，《升级改造承诺书》 1"},
        {"word": "发出通知", "number": 5, "unit": "份", "parts": "每日提醒 5"},
    ],
    "overdue": [
        {"name": "演示甲矿", "number": "演示-1", "step": "关闭现场验收合格", "organ": "演示县演示镇人民政府",
         "due_on": "2026-11-20", "days": 10}
    ],
}  # fmt: skip
