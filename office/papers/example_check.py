"""Fictional values (演示数据) for the paper 名录核对情况表."""

from typing import Any

_ROW = {
    "plan_hit": "", "plan_miss": "E1", "plan_unknown": "K1、K2", "list_hit": "L1、L2、L3", "list_miss": "L4", "list_unknown": "L13"
}  # fmt: skip

CHECK: dict[str, Any] = {
    "as_of": "2026-11-23", "total": 2, "items": 12, "lists": ["附件2", "附件3"],
    "counts": {"hit": 7, "miss": 3, "unknown": 2},
    "rows": [
        {"place": "附件2第1行", "name": "演示甲砂岩矿", "way": "关闭取缔", "year": "2026", **_ROW},
        {"place": "附件3第1行", "name": "演示乙石灰岩矿（演示集中开采区）", "way": "拟新设", "year": "2027",
         **dict.fromkeys(_ROW, ""), "plan_unknown": "N1", "list_miss": "M5"},
    ],
    "against": [
        {"place": "附件2第1行", "name": "演示甲砂岩矿", "rule": "L4", "title": "方案印发时许可证仍在有效期内",
         "clause": "三（二）1（2）", "said": "许可证有效期至 2025-01-02，方案 2025-03-20 印发，方案印发时已经到期",
         "source": "本行所载", "settle": "查明到期后是否停采、是否申请或获准延续"},
        {"place": "附件3第1行", "name": "演示乙石灰岩矿（演示集中开采区）", "rule": "M5", "title": "拟出让年度在总体规划期内",
         "clause": "三（二）4（1）", "said": "拟出让年度 2027，总体规划期 2021—2025 年", "source": "本行所载",
         "settle": "写明所依据的新一期规划"},
    ],
    "grounds": [
        {"place": "附件2第2行", "name": "演示丙铝土矿", "rule": "E3", "title": "引导退出情形：规模不足",
         "clause": "三（二）2（3）", "said": "生产规模 9 万吨/年，方案标准：铝土矿 30，低于标准",
         "source": "本行所载", "settle": "确认：剩余可采资源服务年限（年）"},
    ],
    "lacking": [
        {"organ": "县自然资源局", "fact": "正在开采", "places": "附件2第1行", "rules": "K1"},
        {"organ": "", "fact": "所依据的新一期规划", "places": "附件3第1行", "rules": "N1"},
    ],
    "standards": [
        {"label": "铝土矿", "numbers": "不低于 30 万吨/年", "clause": "三（二）2（3）", "source": "方案", "status": "方案写明"},
        {"label": "建筑用石料", "numbers": "待查", "clause": "三（二）4（2）", "source": "演示标准", "status": "数字待查"},
    ],
    "readings": ["K5：须有县政府研究决定，系统不代为判断。"],
}  # fmt: skip
