"""What can be typed for a paper, as fields of a form: the same value is asked for as on the card of its step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from notifications.documents.labels import FACTS, label
from office.papers.papers import Form, typable
from states.fields import Field, FieldError
from states.registry import PROCEDURES


@dataclass(frozen=True, slots=True)
class Asked:
    """One value of a paper's form."""

    field: Field
    value: str = ""
    #: Nobody has filled it in yet.
    missing: bool = False
    #: Comes from a register and cannot be typed for one paper.
    fixed: bool = False
    #: Several lines are usual.
    long: bool = False


#: How values end that are days, where no step asks for them.
_DAYS = ("日期", "起", "止", "期限", "有效期至")
#: Words in the name of a value that is told in sentences.
_TOLD = ("事实", "内容", "意见", "理由", "情况", "途径", "后果", "事项", "安排", "材料", "要求", "方案", "坐标")


@cache
def _fields() -> dict[str, Field]:
    found: dict[str, Field] = {}
    for procedure in PROCEDURES.values():
        for step in procedure.steps:
            for field in step.fields:
                known = found.setdefault(field.name, field)
                if known is not field and known.choices and field.choices:
                    # Asked for in several procedures: a paper may be of any of them.
                    found[field.name] = replace(known, choices={**known.choices, **field.choices})
    return found


def field_of(name: str, words: str = "") -> Field:
    """How a value of a paper is typed. Only what a paper reads is asked for; nothing is required before it is issued."""
    words = words or label(name if "." in name else f"facts.{name}")
    known = _fields().get(name.rpartition(".")[2])
    if known is None:
        return Field(name, words, "date" if words.endswith(_DAYS) else "text", required=False)
    choices = {**known.choices} if known.choices else None
    return replace(known, name=name, label=words, required=False, choices=choices)


def asked_for(form: Form) -> list[Asked]:
    """The values of a draft: what is open first, then what was typed."""
    found = [
        Asked(field_of(name, words), missing=True, fixed=not typable(name), long=_long(words))
        for name, words in form.missing
    ]
    for name, value in sorted(form.paper.typed.items()):
        if not isinstance(value, str):
            # The figures of a report: counted, not typed.
            continue
        field = field_of(name)
        found.append(Asked(field, str(value), long=_long(field.label)))
    return found


def _long(words: str) -> bool:
    return any(part in words for part in _TOLD)


def further(form: Form) -> list[tuple[str, str]]:
    """Other values that may be typed for the paper, by name and label."""
    shown = {*form.paper.typed, *(name for name, _ in form.missing)}
    return sorted(((name, words) for name, words in FACTS.items() if name not in shown), key=lambda pair: pair[1])


def read_typed(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed as it is kept, and a sentence for each value that cannot be; an empty one takes a value back."""
    kept, problems = {}, {}
    for name, text in values.items():
        field = field_of(name)
        try:
            # A tick and a text stay as they were typed: papers print them.
            read = field.read(text) if text.strip() and field.type not in ("yes", "text") else text.strip()
            kept[name] = str(read)
        except FieldError as error:
            problems[name] = str(error)
    return kept, problems
