"""What kinds and conditions of notices are called, wherever people read them."""

from workflow.models import NoticeStatus

KINDS = {
    "digest": "汇总提醒", "moved": "进展通知", "lapsed": "到期登记", "heartbeat": "系统日报", "test": "测试邮件",
    "urge": "催办通知", "supervise": "督办通知", "copied": "抄送通知",
    "survey_gaps": "摸底催报",
}  # fmt: skip
STATUSES: dict[str, str] = {
    NoticeStatus.PLANNED: "待发", NoticeStatus.SENDING: "正在发送", NoticeStatus.SENT: "已发", NoticeStatus.FAILED: "待重发",
    NoticeStatus.DEAD: "被拒收", NoticeStatus.DOUBTFUL: "存疑", NoticeStatus.NO_CONTACT: "缺联系方式",
    NoticeStatus.WITHDRAWN: "已撤回",
}  # fmt: skip
