"""Why a document cannot be made, each in one sentence for the person who asked for it."""


class DocumentError(Exception):
    """Root of the errors of this package; the message is shown as it is."""


class NoTemplate(DocumentError):
    """There is no template for this kind of document."""


class BadTemplate(DocumentError):
    """The template itself is wrong: unknown name, unknown key, or Markdown that documents do not use."""


class BadValue(DocumentError):
    """A value is there but not of the kind that the document prints."""


class OpenValues(DocumentError):
    """Values that nobody has filled in yet. `values` holds each as (path, Chinese label), in order of use."""

    def __init__(self, title: str, values: tuple[tuple[str, str], ...]) -> None:
        self.values = values
        names = "、".join(label if label == path else f"{label}（{path}）" for path, label in values)
        super().__init__(
            f"《{title}》还有 {len(values)} 项待明确，不能出具：{names}。请由责任单位填写并注明出处后再出具。"
        )
