"""How long `minecase status` takes from the shell, beside a Python that only imports the libraries it stands on."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import ratio

_LIBRARIES = [sys.executable, "-c", "import sqlmodel, transitions, jinja2"]


def run(pairs: int = 15) -> float:
    """Time of `minecase status` on the thirteen mines, as a multiple of the imports alone."""
    with tempfile.TemporaryDirectory(prefix="minecase-bench-") as home:
        command = [str(Path(sys.executable).with_name("minecase"))]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MINECASE_")}
        environment["MINECASE_HOME"] = home

        def call(words: list[str]) -> None:
            subprocess.run(words, env=environment, check=True, capture_output=True)  # noqa: S603

        call([*command, "init"])
        return ratio(lambda: call([*command, "status"]), lambda: call(_LIBRARIES), pairs)
