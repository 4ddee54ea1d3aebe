"""Why a document cannot be made, each in one sentence for the person who asked for it."""


class DocumentError(Exception):
    """Root of the errors of this package; the message is shown as it is."""


class NoTemplate(DocumentError):
    """There is no template for this kind of document."""


class BadTemplate(DocumentError):
    """The template itself is wrong: unknown name, unknown key, or Markdown that documents do not use."""


class BadForm(BadTemplate):
    """A county's own form cannot be read or filled in: what is wrong and, where that is known, at which place."""

    def __init__(self, message: str, place: str = "") -> None:
        self.message = message
        self.place = place
        super().__init__(f"{place}：{message}" if place else message)


class BadValue(DocumentError):
    """A value is there but not of the kind that the document prints."""


class UnreadableFile(DocumentError):
    """A file that somebody handed in cannot be read or compared."""


class OpenValues(DocumentError):
    """Values that nobody has filled in yet. `values` holds each as (path, Chinese label), in order of use."""

    def __init__(self, title: str, values: tuple[tuple[str, str], ...]) -> None:
        self.values = values
        names = "、".join(label if label == path else f"{label}（{path}）" for path, label in values)
        super().__init__(
            f"《{title}》还有 {len(values)} 项待明确，不能出具：{names}。请由责任单位填写并注明出处后再出具。"
        )


class WordingRefused(DocumentError):
    """The text breaks a rule of official writing; names every place."""

    def __init__(self, title: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        listed = "；".join(problem.rstrip("。") for problem in problems)
        super().__init__(f"《{title}》的文字有 {len(problems)} 处不合要求，不能出具：{listed}。")


class MissingCharacter(DocumentError):
    """No font on this machine holds a character. `characters` holds each with the place where it stands."""

    def __init__(self, characters: tuple[tuple[str, str], ...]) -> None:
        self.characters = characters
        named = "、".join(f"{place}的“{char}”（U+{ord(char):04X}）" for char, place in characters[:10])
        more = f"等 {len(characters)} 个字" if len(characters) > 10 else ""
        super().__init__(
            f"没有字体能印出{named}{more}，不能出具：请在本机装上含有这些字的字体，或者改用字库里有的字后再出具。"
        )


class NotDrawn(DocumentError):
    """The typesetter refused the document."""
