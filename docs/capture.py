"""Draws `docs/status.svg`, the picture in the README: `python docs/capture.py [DAY]`.

A fresh office in a temporary folder, as it stands on a day; real data of the published annexes, nothing else.
"""

import html
import io
import os
import re
import sys
import tempfile
from datetime import date
from pathlib import Path

TARGET = Path(__file__).with_name("status.svg")
DAY = "2026-11-24"

#: Rich's own frame loads a web font; ours uses what the reader's machine has.
FRAME = """<svg class="terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Consolas, "Noto Sans Mono CJK SC", "Microsoft YaHei Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def draw(day: str) -> str:
    """The status table of a day as SVG."""
    from rich.console import Console

    from minecase.cli import show
    from office.installation import Office
    from office.settings import from_environment
    from workflow.ledger import standing

    office = Office(from_environment())
    office.init()
    # A recording console draws into the file only; its width is that of the wide layout.
    out = Console(record=True, width=150, file=io.StringIO(), markup=False, highlight=False, force_terminal=True)
    with office.reading() as session:
        show.status(out, [s.row for s in standing(session, date.fromisoformat(day))], day)
    office.engine.dispose()
    return _widened(out.export_svg(title=f"minecase status --as-of {day}", code_format=FRAME, unique_id="minecase"))


def _widened(svg: str) -> str:
    """Rich gives every character one column; a Chinese one takes two."""
    from rich.cells import cell_len

    column = 12.2

    def widen(found: re.Match[str]) -> str:
        return f'textLength="{cell_len(html.unescape(found[2])) * column:.1f}"{found[1]}>{found[2]}</text>'

    return re.sub(r'textLength="[\d.]+"([^>]*)>([^<]*)</text>', widen, svg)


def main() -> None:
    day = sys.argv[1] if len(sys.argv) > 1 else DAY
    with tempfile.TemporaryDirectory() as home:
        os.environ["MINECASE_HOME"] = home
        os.environ.pop("MINECASE_DATABASE_URL", None)
        TARGET.write_text(draw(day), encoding="utf8")
    print(f"已画出 {TARGET.name}（{day}）")


if __name__ == "__main__":
    main()
