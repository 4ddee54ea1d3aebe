"""A batch of commitment letters (two pages each) as .docx and PDF, beside docxtpl, plain Typst and LibreOffice.

Beside docxtpl and plain Typst our side is the whole way: fill in the template, check the wording, draw; theirs only
draws. LibreOffice is handed files, so there our writer is handed letters that are filled in; a figure of its own adds that.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import typst
from docxtpl import DocxTemplate

from benchmarks.pairs import best, ratio
from notifications.documents.docx import write_docx
from notifications.documents.model import Heading, NumberedItem, OfficialDocument, Paragraph
from notifications.documents.pdf import write_pdf
from notifications.documents.pdf.fonts import CHAINS, font_book
from notifications.documents.writing import composed
from states.documents import BY_ID

#: Letters of the batch, letters in each timed slice, and pairs of slices: 200 letters on either side.
BATCH, _SLICE, _PAIRS = 200, 10, 20
#: Letters that LibreOffice converts in one call, and how often it is asked: what else the machine does changes by then.
_CALL, _CALLS = 40, 3
_DIFFERENT = ("name", "holder", "licence_number")


def _values(n: int) -> dict[str, Any]:
    return {
        "mine": {
            "name": f"演示第{n}采石场", "holder": f"演示第{n}矿业有限公司", "mineral": "石灰岩", "scale": "30",
            "licence_number": f"C14050020160{n:011}", "valid_from": "2016-11-29", "valid_to": "2028-11-29",
        },
        "facts": {
            "target_scale": "100", "remaining_life": "12", "plan_by": "2026-12-31", "design_by": "2027-03-31",
            "works_by": "2027-10-31", "acceptance_by": "2027-12-31",
        },
        "recipient": {"name": "演示县整治提升工作组"}, "issuer": {"id": "holder", "name": ""},
        "plan": {"number": "演政办发〔2025〕17号", "title": "演示县非煤矿山整治提升实施方案"}, "date": "2026-11-23",
    }  # fmt: skip


def letter(n: int) -> OfficialDocument:
    """The letter of a mine, filled in and checked as when it is issued."""
    return composed(BY_ID["upgrade_commitment"], _values(n), "ABCD-EFGH")


def _slices(work: Callable[[int], object]) -> Callable[[], None]:
    """The next letters of the batch at every call."""
    at = 0

    def some() -> None:
        nonlocal at
        for n in range(at, at + _SLICE):
            work(n % BATCH)
        at += _SLICE

    return some


def run() -> dict[str, float]:
    """Each figure as a multiple of our time for the same number of letters."""
    docx, pdf = _slices(lambda n: write_docx(letter(n))), _slices(lambda n: write_pdf(letter(n)))
    found = {
        "docx_docxtpl_over_ours": ratio(_slices(_by_docxtpl), docx, _PAIRS),
        "pdf_typst_over_ours": ratio(_slices(_by_typst), pdf, _PAIRS),
        "docx_ours_milliseconds": best(docx) / _SLICE * 1000,
        "pdf_ours_milliseconds": best(pdf) / _SLICE * 1000,
    }
    if office := shutil.which("soffice"):
        found["pdf_libreoffice_one_by_one_over_ours"] = _by_libreoffice(office, 3, each=True) / _by_us(_CALL)
        calls = [_by_libreoffice(office, _CALL, each=False) / _by_us(_CALL) for _ in range(_CALLS)]
        found["pdf_libreoffice_batch_over_ours"] = median(calls)
        whole = [_by_libreoffice(office, _CALL, each=False) / _by_us(_CALL, whole=True) for _ in range(_CALLS)]
        found["pdf_libreoffice_batch_over_ours_filling_in_too"] = median(whole)
    found["peak_megabytes_of_1000"] = _peak()
    return found


@cache
def _docxtpl_template() -> bytes:
    """Our own file with placeholders in place of what differs from letter to letter."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_docx(letter(0)))) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            text = source.read(part)
            for name in _DIFFERENT:
                text = text.replace(_values(0)["mine"][name].encode(), f"{{{{ {name} }}}}".encode())
            target.writestr(part, text)
    return buffer.getvalue()


def _by_docxtpl(n: int) -> bytes:
    template = DocxTemplate(io.BytesIO(_docxtpl_template()))
    template.render({name: _values(n)["mine"][name] for name in _DIFFERENT}, autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


@cache
def _compiler() -> tuple[typst.Compiler, str]:
    book = font_book()
    faces = json.dumps({role: book.families(role) for role in CHAINS}, ensure_ascii=False)
    return typst.Compiler(str(Path(__file__).with_name("letter.typ")), font_paths=book.fonts), faces


@cache
def _plain(n: int) -> str:
    """A letter as the plain Typst template takes it; made before the clock runs."""
    doc = letter(n)
    parts = [
        {"heading": isinstance(block, Heading), "text": getattr(block, "label", "") + "".join(s.text for s in block.text)}
        for block in doc.blocks if isinstance(block, Heading | Paragraph | NumberedItem)
    ]  # fmt: skip
    lines = [line.replace("\ue001", "　") for line in (*doc.signature.lines, doc.date)]
    return json.dumps(
        {"title": "".join(doc.title), "addressee": doc.addressee, "parts": parts, "lines": lines}, ensure_ascii=False
    )


def _by_typst(n: int) -> bytes:
    compiler, faces = _compiler()
    made = compiler.compile(format="pdf", sys_inputs={"faces": faces, "letter": _plain(n)}, timestamp=0)
    assert isinstance(made, bytes)
    return made


def _by_libreoffice(office: str, count: int, *, each: bool) -> float:
    """Seconds for one letter: a call for each, or one call for all."""
    with tempfile.TemporaryDirectory(prefix="minecase-bench-") as name:
        folder = Path(name)
        for n in range(count):
            (folder / f"{n}.docx").write_bytes(write_docx(letter(n)))
        words = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
                 "--outdir", str(folder)]  # fmt: skip
        files = [str(folder / f"{n}.docx") for n in range(count)]
        calls = [[file] for file in files] if each else [files]
        # The first call makes the profile.
        subprocess.run([*words, files[0]], check=True, capture_output=True)  # noqa: S603
        start = perf_counter()
        for call in calls:
            subprocess.run([*words, *call], check=True, capture_output=True)  # noqa: S603
        return (perf_counter() - start) / count


def _by_us(count: int, *, whole: bool = False) -> float:
    """Seconds for one of the same letters, measured at once after the other way.

    As LibreOffice is handed written files, so our writer is handed written letters; `whole` also fills them in.
    """
    ready = [letter(n) for n in range(count)]
    start = perf_counter()
    for n in range(count):
        write_pdf(letter(n) if whole else ready[n])
    return (perf_counter() - start) / count


def _peak() -> float:
    """Megabytes that a process of its own needs at most for a thousand letters, each as .docx and PDF."""
    code = (
        "import resource\nfrom benchmarks.papers import letter, write_docx, write_pdf\n"
        "for n in range(1000):\n    doc = letter(n)\n    write_docx(doc)\n    write_pdf(doc)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ)  # noqa: S603
    return float(answer.stdout)
