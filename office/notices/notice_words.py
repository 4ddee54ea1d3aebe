"""How conditions of notices look, and what they mean; what they are called stands in `notifications.names`."""

from notifications.names import KINDS
from notifications.names import STATUSES as _NAMES
from workflow.models import NoticeStatus

__all__ = ["KINDS", "MEANINGS", "STATUSES"]
_BADGES: dict[str, str] = {
    NoticeStatus.PLANNED: "upgrade", NoticeStatus.SENDING: "upgrade", NoticeStatus.SENT: "fine",
    NoticeStatus.FAILED: "soon", NoticeStatus.DEAD: "late", NoticeStatus.DOUBTFUL: "late",
    NoticeStatus.NO_CONTACT: "closure", NoticeStatus.WITHDRAWN: "plain",
}  # fmt: skip
#: Status -> words and class of the badge.
STATUSES = {status: (_NAMES[status], badge) for status, badge in _BADGES.items()}
#: What a condition means and who must do what.
MEANINGS: dict[str, str] = {
    NoticeStatus.PLANNED: "已经写好，随下一次心跳发出；邮件只在工作日 8 时至 18 时发。",
    NoticeStatus.SENDING: "正在交给邮件服务器。",
    NoticeStatus.SENT: "邮件服务器已接收，或已写入信箱文件夹。对方是否看过，系统无从知道。",
    NoticeStatus.FAILED: "没有发成，系统会自动再试；也可以现在重发。",
    NoticeStatus.DEAD: "邮件服务器明确拒收，系统不再自动重发：请核对邮箱地址后重发，或改用电话、纸质方式告知。",
    NoticeStatus.DOUBTFUL: "可能已经发出，系统无法判断：请查邮件服务器的日志，再选“已送达”或“重新发送”。",
    NoticeStatus.NO_CONTACT: "收件单位没有可用的电子邮箱：登记联系方式后自动发出。",
    NoticeStatus.WITHDRAWN: "由人撤回，没有发出。",
}
