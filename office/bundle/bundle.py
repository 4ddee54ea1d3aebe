"""一键成卷: everything on record about a mine's cases as one .zip that proves itself.

The same database and files always give the same bytes; a bundle is written whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlmodel import Session

from office.bundle import bundle_verify
from office.bundle.bundle_contents import contents
from office.bundle.bundle_lists import history_table, material_parts, notice_table, opinion_parts
from office.bundle.bundle_papers import paper_parts
from office.bundle.bundle_volume import Volume, volume_of
from office.papers.zip_file import Part, check_store, check_target, made, write_zip
from office.running.installation import Office
from workflow.audit import canonical
from workflow.models import Event


@dataclass(frozen=True, slots=True)
class Bundled:
    """What lies in a bundle that was written."""

    case: str
    mine: str
    documents: int
    materials: int
    files: int
    size: int
    remarks: tuple[str, ...] = ()


def bundle(office: Office, case: str, target: Path, *, overwrite: bool = False) -> Bundled:
    """Writes the volume of a case's mine. Raises NotFound, BadInput, DocumentError."""
    check_target(target, overwrite=overwrite)
    remarks: list[str] = []
    with office.reading() as session:
        _hold_still(session)
        volume = volume_of(session, case)
        parts = [
            *paper_parts(session, volume), *material_parts(volume), *opinion_parts(session, volume),
            notice_table(session, volume), history_table(volume), _history(volume.events), _verifier(),
        ]  # fmt: skip
        check_store(parts, office.store)
        parts += contents(office, session, volume, remarks)
        parts.append(_manifest(volume, parts))
        counts = len(volume.documents), len(volume.attachments)
        name = volume.mine.name
    size = write_zip(target, parts, office.store)
    return Bundled(volume.root, name, *counts, len(parts), size, tuple(remarks))


def _hold_still(session: Session) -> None:
    """All questions see the database as it stands now."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _history(events: Sequence[Event]) -> Part:
    """The entries exactly as their hashes cover them."""
    rows = [
        {**event.model_dump(), "occurred_on": event.occurred_on.isoformat(),
         "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")}
        for event in events
    ]  # fmt: skip
    return made(bundle_verify.HISTORY, canonical({"events": rows}).encode())


def _verifier() -> Part:
    """The program that checks a bundle, with the same line ends on every machine."""
    return made("核验.py", Path(bundle_verify.__file__).read_text(encoding="utf-8").encode())


def _manifest(volume: Volume, parts: Sequence[Part]) -> Part:
    about: dict[str, Any] = {
        "format": bundle_verify.FORMAT, "program": f"minecase {version('minecase')}",
        "mine": {"code": volume.mine.code, "name": volume.mine.name},
        "cases": [
            {"id": case_id, "number": case.number, "procedure": case.procedure, "version": case.version}
            for case_id, case in sorted(volume.cases.items())
        ],
        "chain": {"seq": volume.head.seq, "hash": volume.head.hash},
        "files": [
            {"path": part.path, "size": part.size, "sha256": part.sha256}
            for part in sorted(parts, key=lambda part: part.path)
        ],
    }  # fmt: skip
    return made(bundle_verify.MANIFEST, canonical(about).encode())
