"""What can go wrong for a person, each with a Chinese sentence: what, where, what to do."""

from states.kernel import Blocker


class CaseFileError(Exception):
    """Anything a person can put right; the message is shown as it is."""


class NotFound(CaseFileError):
    """No such case, user, organ, step or document kind."""


class BadInput(CaseFileError):
    """A value that cannot be taken."""


class StepRefused(CaseFileError):
    """The step cannot be taken now; carries every blocker."""

    def __init__(self, title: str, blockers: tuple[Blocker, ...]) -> None:
        self.blockers = blockers
        super().__init__(f"“{title}”暂不能办理：" + "；".join(str(b) for b in blockers) + "。")


class Conflict(CaseFileError):
    """Somebody else was faster; nothing was changed."""


class DatabaseUnfit(CaseFileError):
    """The database does not belong to this version of the program."""


class Held(CaseFileError):
    """The scheduler is holding and asks a person."""
