"""What can go wrong for a person, each with a Chinese sentence: what, where, what to do."""

import errno

from states.kernel import Blocker

_REASONS = {
    errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOENT: "路径不存在", errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "是目录，不是文件", errno.EEXIST: "同名的已经存在", errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "名称太长", errno.EADDRINUSE: "已被占用",
}  # fmt: skip


def os_reason(error: OSError) -> str:
    """Why the operating system refused, in Chinese."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


#: Hints that several sentences share.
SEE_CASES, SEE_KINDS = "请用 minecase status 查看案件编号。", "请用 minecase document kinds 查看文书种类。"


class CaseFileError(Exception):
    """Anything a person can put right; the message is shown as it is, at the command line with the `hint` behind it."""

    def __init__(self, *message: object, hint: str = "") -> None:
        #: Which command helps; not for the screens.
        self.hint = hint
        super().__init__(*message)


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
