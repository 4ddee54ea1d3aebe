"""Foreign text made harmless for one line of a mail: no control, bidi or encoded-word tricks."""

import unicodedata

_BREAKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
#: Control, invisible formatting (bidi overrides among them) and half characters.
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})


def one_line(text: str) -> str:
    """Line breaks become blanks; anything else that hides or reorders text becomes a visible `\ufffd`."""
    return "".join(_shown(char) for char in text)


def lines(text: str) -> str:
    """The same for a text of several lines, which ends with a line end."""
    return "\n".join(one_line(line) for line in text.rstrip("\n").split("\n")) + "\n"


def _shown(char: str) -> str:
    if char in _BREAKS:
        return " "
    return "\ufffd" if unicodedata.category(char) in _HIDDEN else char


def header_text(text: str, limit: int = 120) -> str:
    """Text for a header. `=?` is taken apart, because Python below 3.13 decodes encoded words that it finds in
    plain text and writes their line breaks out as new headers (CVE-2024-6923)."""
    clean = " ".join(one_line(text).replace("=?", "= ?").split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
