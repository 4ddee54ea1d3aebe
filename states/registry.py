"""All procedures of the plan, by identifier."""

from states.closure import CLOSURE
from states.compensation import COMPENSATION
from states.fund import FUND
from states.guided_exit import GUIDED_EXIT
from states.intake import INTAKE
from states.kernel import Procedure
from states.new_right import NEW_RIGHT
from states.permits import PERMIT
from states.rectification import RECTIFICATION
from states.referral import REFERRAL
from states.restoration import RESTORATION
from states.upgrade import UPGRADE

PROCEDURES: dict[str, Procedure] = {
    procedure.id: procedure
    for procedure in (
        INTAKE, CLOSURE, GUIDED_EXIT, UPGRADE, NEW_RIGHT,
        RESTORATION, PERMIT, RECTIFICATION, FUND, COMPENSATION, REFERRAL,
    )
}  # fmt: skip
