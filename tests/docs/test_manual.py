"""The user's manual says what is on the screen: its pictures, its links, the labels that it quotes, every page of the menu."""

import re
from pathlib import Path

import pytest

from web.frame import NAVIGATION

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "manual"
CHAPTERS = sorted(MANUAL.glob("*.md"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in CHAPTERS)


def screens() -> set[str]:
    """Every line of words in a template, and every string of the modules that fill them."""
    found: set[str] = set()
    for path in (ROOT / "templates" / "pages").glob("*.j2"):
        words = re.sub(
            r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "\n", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        found |= {_tight(part) for line in words.splitlines() for part in (line, line.split("（")[0])}
        found |= {_tight(text) for text in re.findall(r'"([^"\n]+)"', path.read_text(encoding="utf-8"))}
    for folder in ("web", "office"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= {_tight(text) for text in re.findall(r'"([^"\n]+)"', path.read_text(encoding="utf-8"))}
    return found


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_picture_and_page_that_is_linked_exists(chapter: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", chapter.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (chapter.parent / link).is_file()] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_label_in_corner_brackets_is_on_a_screen(chapter: Path) -> None:
    labels = {_tight(label) for label in re.findall(r"「([^」]+)」", chapter.read_text(encoding="utf-8"))}
    on_screen = screens()
    assert {label for label in labels if label not in on_screen} == set()


def test_every_page_of_the_menu_is_described() -> None:
    entries = [entry.label for _, group in NAVIGATION for entry in group]
    assert [label for label in entries if f"「{label}」" not in TEXT] == []


def test_the_contents_lead_to_every_chapter() -> None:
    contents = (MANUAL / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in CHAPTERS if path.name != "README.md" and f"({path.name})" not in contents] == []


def test_every_picture_of_the_manual_is_one_that_the_script_draws() -> None:
    listed = (ROOT / "docs" / "screens" / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"\.\./screens/([\w-]+\.png)", TEXT))
    assert {name for name in used if f"({name})" not in listed} == set()
