"""What the clerk of the demonstration county writes where a card asks for words; all of it is fictional."""

from states.fields import Field

_BY_NAME = {
    "legal_basis": "《演示条例》第一条",
    "remedy": "可以自收到之日起六十日内申请行政复议，或者在六个月内提起行政诉讼（演示）",
    "findings": "经现场检查，上述情形属实（演示）",
    "requirements": "按初步设计恢复安全平台，完善边坡监测（演示）",
    "breach": "未按初步设计留设安全平台（演示）",
    "contact": "演示联系人 000-0000000",
    "reason": "经研究，情况属实，理由充分（演示）",
    "extension_reason": "连续降雨影响施工（演示）",
    "extension_basis": "企业申请及核查意见（演示）",
    "survey_permits": "证照齐全，均在有效期内（演示）",
    "survey_operation": "间断生产，上年度产量 8 万吨（演示）",
    "survey_facilities": "半机械化开采，已装监测设备（演示）",
    "survey_penalties": "近两年无行政处罚（演示）",
    "hearing_outcome": "当事人未申请听证",
    "closure_standard": "拆除设备、封堵坑口、平整场地、竖立警示牌（演示）",
    "patrol_plan": "每季度巡查一次，由所在乡镇负责（演示）",
    "opinion": "经研究，无其他意见（演示）",
    "result": "同意，验收合格",
    "design_opinion": "同意按初步设计实施",
    "green_mine": "已纳入绿色矿山建设计划",
    "medium_scale_proof": "核查报告：改造后可达 60 万吨/年（演示）",
    "mineral_use": "建筑石料",
    "resource_basis": "演示详查报告",
    "scale_standard": "矿山生产建设规模分类一览表",
    "planning_basis": "演示县新一轮矿产资源规划",
    "coordinates": "拐点坐标见附表（演示）",
    "land_scheme": "使用存量采矿用地，不占耕地（演示）",
    "conflict": "与演示河道管理范围部分重叠",
    "transferor": "演示市规划和自然资源局",
    "announcement_number": "演矿公告1号",
    "contract_number": "演矿出让合同1号",
    "proceeds_paid": "已缴首期出让收益（演示）",
    "right_certificate": "演采权证001号",
    "licence_number": "C1499992026117130140001",
    "safety_permit": "（演）FM安许证字001号",
    "buyer": "演示砂石有限公司",
    "substitute_content": "危岩清理、边坡整治、覆土复绿（演示）",
    "third_party": "演示生态修复公司",
    "holder_address": "演示县青石镇演示村",
    "registrar_name": "演示市规划和自然资源局",
    "change": "生产规模由 30 万吨/年变更为 60 万吨/年（演示）",
    "new_number": "C1499992026117130149998",
}


def phrase(asked: Field) -> str:
    """Words for a field; where none are written, its label marked as fictional."""
    return _BY_NAME.get(asked.name, f"{asked.label}（演示）")
