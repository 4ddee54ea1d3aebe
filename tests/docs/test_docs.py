"""README and docs are tested like code: every command, target, file and identifier they name exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf8")
SOURCES = "\n".join(
    path.read_text(encoding="utf8")
    for folder in ("states", "workflow", "notifications", "office", "web", "minecase")
    for path in (ROOT / folder).rglob("*.py")
)


def commands() -> set[str]:
    from typer.main import get_command

    from minecase.cli.app import app

    root = get_command(app)
    groups = {name: getattr(command, "commands", {}) for name, command in root.commands.items()}
    return set(groups) | {f"{name} {sub}" for name, subs in groups.items() for sub in subs}


def test_every_command_in_the_readme_exists() -> None:
    used = re.findall(r"(?:bin/|`)minecase ((?:plan|audit|calendar|document|organ) [a-z]+|[a-z]+)", README)
    listed = re.search(r"lists the rest: ([^.]+)\.", README)
    assert listed
    named = {name.strip() for name in listed[1].replace("\n", " ").split(",")}
    known = commands()
    assert {name for name in (*used, *named) if name not in known} == set()


def test_every_make_target_in_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf8")
    assert {t for t in re.findall(r"`make ([a-z]+)`", texts) if t not in targets} == set()


def test_every_environment_variable_in_the_readme_is_read() -> None:
    assert set(re.findall(r"MINECASE_[A-Z_]+", README)) == set(
        re.findall(r"MINECASE_[A-Z_]+", (ROOT / "office" / "running" / "settings.py").read_text(encoding="utf8"))
    )


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf8")
    named = re.findall(r"`((?:docs|states|workflow|notifications|minecase|templates|benchmarks|tests)/[\w./-]*)`", text)
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_identifier_of_the_glossary_is_used_in_the_code() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf8").splitlines()
    names = {name for row in rows if row.startswith("| ") for name in re.findall(r"`([^`]+)`", row)}
    missing = {name for name in names if name.replace("=", " = ") not in SOURCES and name not in SOURCES}
    assert missing == set()


def test_nothing_names_a_registry_or_a_machine() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf8")
    assert "://" not in lock
    assert "--index-url" not in lock
    assert all("--hash" in block for block in lock.split("\n\n") if "==" in block)


def test_decisions_are_short_and_numbered() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert all(len(page.read_text(encoding="utf8").splitlines()) <= 50 for page in pages)


def test_the_contact_sheet_shows_every_kind_of_document() -> None:
    from states.documents import KINDS

    page = (ROOT / "docs" / "documents" / "README.md").read_text(encoding="utf8")
    sheets = re.findall(r"\((sheet-\d+\.png)\)", page)
    assert [kind.id for kind in KINDS if f"- {kind.code} {kind.title}" not in page] == []
    assert sheets
    assert {sheet for sheet in sheets if not (ROOT / "docs" / "documents" / sheet).is_file()} == set()
