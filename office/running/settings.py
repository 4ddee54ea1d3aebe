"""Where things lie, from the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

#: The plan that this distribution is made for; another county sets MINECASE_PLAN.
_PLAN = Path(__file__).resolve().parents[2] / "plans" / "yangcheng"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation."""

    home: Path
    database_url: str
    #: Empty: mail goes to the mailbox folder.
    smtp_url: str
    plan: Path
    #: Address of the web server in front of us, whose word on the visitor's address and https is taken; empty: none.
    proxy: str = ""

    @property
    def mailbox(self) -> Path:
        return self.home / "mailbox"

    @property
    def files(self) -> Path:
        return self.home / "files"


def from_environment() -> Settings:
    """MINECASE_HOME (default `./var`), MINECASE_DATABASE_URL, MINECASE_SMTP_URL, MINECASE_PLAN, MINECASE_PROXY."""
    home = Path(os.environ.get("MINECASE_HOME") or "var").absolute()
    return Settings(
        home=home,
        database_url=os.environ.get("MINECASE_DATABASE_URL") or f"sqlite:///{home / 'minecase.db'}",
        smtp_url=os.environ.get("MINECASE_SMTP_URL", ""),
        plan=Path(os.environ.get("MINECASE_PLAN") or _PLAN),
        proxy=os.environ.get("MINECASE_PROXY", ""),
    )
