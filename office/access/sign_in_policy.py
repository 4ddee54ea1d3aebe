"""What the office demands of signing in: one setting, changed by the 安全管理员."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from sqlmodel import Session

from workflow.errors import BadInput
from workflow.models import Setting

POLICY = "sign_in_policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """Every value is a setting. Defaults follow the practice of 等保三级."""

    least_length: int = 10
    #: Of small letters, capitals, digits and other characters so many kinds.
    least_kinds: int = 3
    #: So many earlier passwords cannot come back.
    remembered: int = 5
    #: Days after which a password must be changed; 0: never.
    valid_days: int = 90
    attempts: int = 5
    lock_minutes: int = 30
    #: So many wrong answers from one address within an hour are looked at; the next ones are not.
    checks_an_hour: int = 20
    idle_minutes: int = 30
    #: Hours after which even a busy session ends; 0: never.
    session_hours: int = 12
    #: Whether the three administrators need a one-time code.
    codes_for_administrators: bool = True
    #: Cost of Argon2id: passes and KiB. Lower only on a machine that is too small, and in tests.
    hash_passes: int = 3
    hash_memory: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Demand:
    """One value of the policy on its page."""

    name: str
    label: str
    unit: str
    low: int
    high: int
    hint: str = ""


#: What the page offers.
DEMANDS = (
    Demand("least_length", "密码最短长度", "位", 8, 64),
    Demand("least_kinds", "至少包含的字符种类", "种", 2, 4, "小写字母、大写字母、数字、其他字符"),
    Demand("remembered", "不得重复最近使用过的密码", "个", 0, 24),
    Demand("valid_days", "密码有效期", "天", 0, 365, "到期后登录须先改密码；0 为长期有效"),
    Demand("attempts", "连续输错次数上限", "次", 3, 10),
    Demand("lock_minutes", "锁定时长", "分钟", 5, 1440),
    Demand("checks_an_hour", "同一地址每小时输错上限", "次", 10, 200, "达到后该地址一小时内不再受理登录"),
    Demand("idle_minutes", "无操作自动退出", "分钟", 5, 480),
    Demand("session_hours", "一次登录最长使用", "小时", 0, 72, "到时须重新登录；0 为不限"),
    Demand("hash_passes", "密码加密存储的运算遍数", "遍", 2, 10, "Argon2id；越多越难破解，登录也越慢"),
    Demand(
        "hash_memory",
        "密码加密存储占用的内存",
        "KiB",
        19456,
        262144,
        "Argon2id；65536 即 64 MB，内存小的机器可调低；密码在本人下次登录时按新值重新存储",
    ),
)


def policy_of(session: Session) -> Policy:
    row = session.get(Setting, POLICY)
    known = {field.name for field in fields(Policy)}
    return Policy(**{k: v for k, v in row.value.items() if k in known}) if row else Policy()


def read_policy(before: Policy, typed: Mapping[str, str], *, codes: bool) -> tuple[Policy, dict[str, str]]:
    """The policy as typed, and a sentence for each value that cannot be taken."""
    values, problems = asdict(before), {}
    for demand in DEMANDS:
        text = typed.get(demand.name, "").strip()
        typed_number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
        # What stands may stay, such as what was set where the system was installed.
        if demand.low <= typed_number <= demand.high or typed_number == values[demand.name]:
            values[demand.name] = typed_number
        else:
            problems[demand.name] = f"应为 {demand.low} 至 {demand.high} 之间的整数（{demand.unit}）。"
    return Policy(**{**values, "codes_for_administrators": codes}), problems


def set_policy(session: Session, policy: Policy) -> None:
    """Does not commit."""
    if policy.idle_minutes <= 0 or policy.attempts <= 0:
        raise BadInput("登录规则中的次数和时长必须大于 0。")
    row = session.get(Setting, POLICY) or Setting(name=POLICY, value={})
    row.value = asdict(policy)
    session.add(row)
