"""Fields and evidence that several procedures ask for, each worded once."""

from states.fields import Evidence, Field
from states.parties import ENFORCERS

REASON = Field("reason", "理由")
APPROVAL_NUMBER = Field("approval_number", "批准文号（县政府批复或会议纪要）", "document_number")
APPROVAL_DATE = Field("approval_date", "批准日期", "date", past=True)
APPROVAL = Evidence("approval", "县政府批复或会议纪要", "县人民政府")

ENFORCER = Field(
    "enforcer", "作出机关", "choice", choices={e.id: e.name for e in ENFORCERS}, hint="依法有权的监管部门，不能是工作组"
)
LEGAL_BASIS = Field("legal_basis", "法律依据（法律名称和条款）", hint="由承办人填写并核对现行有效文本")
REMEDY = Field("remedy", "救济途径（复议、诉讼的机关和期限）", hint="由承办人按现行法律填写")
SERVED_ON = Field("served_on", "送达日期", "date", past=True, hint="法定期限自送达之日起算")
SERVICE_WAYS = {
    "direct": "直接送达", "leaving": "留置送达", "post": "邮寄送达", "entrusted": "委托送达", "electronic": "电子送达",
    "announcement": "公告送达",
}  # fmt: skip
SERVICE = (
    SERVED_ON, Field("service_way", "送达方式", "choice", required=False, choices=SERVICE_WAYS),
    Field("served_by", "送达人（两人）", required=False), Field("received_by", "收件人（代收人）", required=False),
)  # fmt: skip
SIGNED_COMMITMENT = Evidence("signed_commitment", "签字盖章的承诺书扫描件", "采矿权人")
SERVICE_RECEIPT = Evidence("service_receipt", "送达回证", "作出机关")

EXIT_YEAR = Field("exit_year", "关闭退出年度", "number", low=2020, high=2100, unit="年")
STOP_ON = Field("stop_on", "停产日期", "date", hint="方案四(二)2要求明确，由工作组与企业商定")
RESTORE_BY = Field("restore_by", "修复治理期限", "date", hint="方案四(二)2要求划定，方案本身没有给出天数")
