"""What stands before the body of a template: who writes to whom, under which title."""

from dataclasses import dataclass, field

from notifications.documents.errors import BadTemplate
from notifications.documents.titles import title_lines
from notifications.documents.values import unveil

#: Keys that stand once, and keys that may stand on several lines.
_SINGLE = (
    "title", "mark", "number", "signer", "addressee", "organ", "date", "note", "copy_to", "print_office", "copies",
    "layout",
)  # fmt: skip
_REPEATED = ("annex", "sign")


@dataclass(slots=True)
class FrontMatter:
    """The lines between the two `---`: each key once, or several times where a paper has several."""

    title: tuple[str, ...] = ()
    single: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, list[str]] = field(default_factory=lambda: {key: [] for key in _REPEATED})

    def get(self, key: str) -> str:
        return self.single.get(key, "")


def split(rendered: str) -> tuple[FrontMatter, str]:
    """Front matter and body of a rendered template. Raises BadTemplate."""
    opening, fence, rest = rendered.lstrip().partition("---\n")
    head, closing, body = rest.partition("\n---\n")
    if opening or not fence or not closing:
        raise BadTemplate("开头应有两行 --- 之间的说明。")
    front = FrontMatter()
    for line in filter(str.strip, head.splitlines()):
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        if key == "title":
            front.title = title_lines([unveil(part) for part in value.split("|")])
        value = unveil(value)
        if colon and key in _REPEATED:
            front.repeated[key].append(value)
        elif colon and key in _SINGLE and key not in front.single:
            front.single[key] = value
        else:
            raise BadTemplate(f"开头的“{unveil(line)[:40]}”不认识或重复。")
    if not front.title:
        raise BadTemplate("缺少标题（title）。")
    return front, body
