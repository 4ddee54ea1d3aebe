"""Steps that every procedure has in every open state: halt the clock, start it again, move a deadline.

They leave the case where it is. Grounds and lengths are never ours: each asks for a reason and its basis.
"""

from states import forms
from states import parties as p
from states.fields import Evidence, Field
from states.kernel import STAY, CaseState, Step

_BASIS = Field("basis", "依据（文书或法律条款）")


def standing(states: tuple[CaseState, ...]) -> tuple[Step, ...]:
    """The three standing steps for all states that are not final."""
    open_states = tuple(s.id for s in states if not s.final)
    return (
        Step(
            trigger="suspend", title="中止办理（停止计时）", source=open_states, dest=STAY, lead=p.GROUP_OFFICE,
            clause="五(一)", fields=(forms.REASON, _BASIS), evidence=(Evidence("suspension_ground", "中止依据材料"),),
            clock="stop", exceptional=True,
            note="复议、诉讼等期间停止计时；办理环节不变，恢复后期间顺延，固定日期不动。",
        ),
        Step(
            trigger="resume", title="恢复办理（恢复计时）", source=open_states, dest=STAY, lead=p.GROUP_OFFICE,
            clause="五(一)", fields=(forms.REASON,), clock="start", exceptional=True,
        ),
        Step(
            trigger="extend", title="调整期限", source=open_states, dest=STAY, lead=p.GROUP_OFFICE, clause="五(一)",
            fields=(
                Field("deadline", "调整哪一环节的期限（环节代号）"), Field("extend_to", "调整到", "date"),
                forms.REASON, _BASIS,
            ),
            clock="extend", exceptional=True, note="保留原期限和理由；法律规定的到期日不能调整。",
        ),
    )  # fmt: skip
