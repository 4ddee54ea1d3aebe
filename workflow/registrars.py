"""Which organ has issued a mining licence, told from its number: only that organ may cancel it."""

from collections.abc import Mapping

from states.licence import Licence, parse
from workflow.models import Permit

_PREFIX = "registrar_"


def registrars(organs: Mapping[str, str]) -> dict[str, str]:
    """Region code -> name of its registrar, out of the county's organs (id -> name)."""
    return {
        organ.removeprefix(_PREFIX): name
        for organ, name in sorted(organs.items())
        if organ.startswith(_PREFIX) and organ.removeprefix(_PREFIX).isdigit()
    }


def registrar_of(number: str, organs: Mapping[str, str]) -> str:
    """The id of the organ that issued a licence; empty where the number is none or the organ is not registered."""
    licence: Licence | None = parse(number)
    organ = f"{_PREFIX}{licence.region}" if licence else ""
    return organ if organ in organs else ""


def canceller(permit: Permit, organs: Mapping[str, str]) -> str:
    """Id of the organ that alone may cancel a permit, or what was written of it; empty while it is not known."""
    told = registrar_of(permit.number, organs) if permit.kind == "mining" else ""
    return told or permit.registrar
