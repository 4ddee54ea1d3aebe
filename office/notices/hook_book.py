"""对外推送 as the screens show and change it: the hooks, what became of their messages, and a test."""

from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import get_args
from urllib.parse import urlsplit

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from notifications.channels.http import checked_url
from notifications.hooks import ROBOT_TOPICS, Result, begin, send
from office.notices.notice_words import KINDS as NOTICE_KINDS
from workflow.errors import BadInput, NotFound
from workflow.models import Hook, HookDelivery, Organ
from workflow.records import checked_text

KINDS: dict[str, str] = {
    "webhook": "网址推送（webhook）", "wecom": "企业微信群机器人", "dingtalk": "钉钉群机器人", "feishu": "飞书群机器人",
}  # fmt: skip
#: What a webhook can be told of.
EVENTS = {
    "open": "立案", "step": "办理环节", "record": "补充登记", "correct": "更正", "paper": "文书（出具、送达、作废）",
    "act": "督办、转办、抄送等", "plan": "方案新版生效",
}  # fmt: skip
#: What a robot can be told: `test` is no news.
NOTICES = {kind: label for kind, label in NOTICE_KINDS.items() if kind != "test"}
assert set(KINDS) == set(get_args(Hook.__annotations__["kind"]))


@dataclass(frozen=True, slots=True)
class Line:
    """One hook with its messages by status and the newest trouble."""

    hook: Hook
    where: str
    topics: str
    organ: str
    counts: dict[str, int]
    last: HookDelivery | None


def lines(session: Session) -> list[Line]:
    """All hooks, oldest first; three statements."""
    hooks = session.exec(select(Hook).order_by(col(Hook.id))).all()
    counts: dict[int, dict[str, int]] = {}
    grouped = select(HookDelivery.hook_id, HookDelivery.status, func.count()).group_by(
        col(HookDelivery.hook_id), col(HookDelivery.status)
    )
    for hook_id, status, count in session.exec(grouped):
        counts.setdefault(hook_id, {})[str(status)] = count
    newest = select(func.max(HookDelivery.id)).where(col(HookDelivery.attempt) > 0).group_by(col(HookDelivery.hook_id))
    last = {row.hook_id: row for row in session.exec(select(HookDelivery).where(col(HookDelivery.id).in_(newest)))}
    organs = dict(
        session.exec(select(Organ.id, Organ.name).where(col(Organ.id).in_([h.organ_id for h in hooks]))).all()
    )
    return [
        Line(h, masked(h.url), _topics(h), organs.get(h.organ_id, ""), counts.get(h.id or 0, {}), last.get(h.id or 0))
        for h in hooks
    ]


def masked(url: str) -> str:
    """Where it goes, without the key that a robot's address carries."""
    parts = urlsplit(url)
    rest = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}/…{rest[-4:]}" if len(rest) > 12 else url


def _topics(hook: Hook) -> str:
    names = EVENTS if hook.kind == "webhook" else NOTICES
    default = list(EVENTS) if hook.kind == "webhook" else list(ROBOT_TOPICS)
    return "、".join(names.get(topic, topic) for topic in (hook.topics or default))


def add_hook(
    session: Session,
    *,
    kind: str,
    label: str,
    url: str,
    secret: str,
    topics: list[str],
    organ_id: str,
    by: str,
    on: date,
) -> Hook:
    """Does not commit. Raises BadInput."""
    if kind not in KINDS:
        raise BadInput("请先选择推送的种类。")
    if not secret.isprintable() or len(secret) > 200:
        raise BadInput("签名密钥含有控制字符或太长（最多 200 个字符），请重新复制。")
    if kind == "webhook" and secret and len(secret) < 16:
        raise BadInput("签名密钥太短：请用 16 个以上字符的随机串，双方各存一份。")
    known = EVENTS if kind == "webhook" else NOTICES
    if organ_id and session.get(Organ, organ_id) is None:
        raise BadInput("没有所选的单位：请重新选择。")
    hook = Hook(
        kind=kind, label=checked_text(label, "名称")[:60], url=checked_url(url), secret=secret,  # type: ignore[arg-type]
        topics=[topic for topic in topics if topic in known], organ_id="" if kind == "webhook" else organ_id,
        added_by=by, added_on=on,
    )  # fmt: skip
    session.add(hook)
    begin(session)
    session.flush()
    return hook


def hook_of(session: Session, id: int) -> Hook:
    """Raises NotFound."""
    found = session.get(Hook, id)
    if found is None:
        raise NotFound(f"没有第 {id} 号推送：请刷新后再看。")
    return found


def switch(session: Session, id: int, *, on: bool) -> Hook:
    """Does not commit. What happens while it is off is not made up for."""
    hook = hook_of(session, id)
    hook.active = on
    session.add(hook)
    return hook


def again(session: Session, id: int, now: datetime) -> int:
    """Takes up what was given up; answers how many. Does not commit."""
    hook_of(session, id)
    taken = (
        update(HookDelivery)
        .where(col(HookDelivery.hook_id) == id, col(HookDelivery.status).in_(("dead", "failed")))
        .values(status="planned", attempt=0, next_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(session.exec(taken).rowcount)


def try_out(hook: Hook, now: datetime) -> Result:
    """A message that says it is a test, sent now; nothing is kept of it."""
    key = f"test-{token_hex(6)}"
    if hook.kind == "webhook":
        payload = {"id": key, "kind": "test", "trigger": "", "case": "", "state": "", "at": now.isoformat()}
    else:
        payload = {"id": key, "text": "测试：非煤矿山综合整治提升工作平台的群机器人已接通，无需处理。"}
    return send(hook, payload, now)
