"""The log for the operator: one JSON line an event, on stderr or in a file, by MINECASE_LOG. Never what was typed."""

import json
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from workflow.clock import OFFICE, now
from workflow.errors import BadInput, os_reason

REQUESTS, BEATS = "minecase.request", "minecase.heartbeat"
#: A file that grows longer is set aside; so many are kept.
_LONGEST, _KEPT = 20 * 1024 * 1024, 5


class _JsonLines(logging.Formatter):
    """A record's own fields; of a fault only its kind and place, for its words may hold what somebody typed."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": now().astimezone(OFFICE).isoformat(timespec="milliseconds"), "level": record.levelname,
            "log": record.name, "event": record.getMessage(), **getattr(record, "fields", {}),
        }  # fmt: skip
        if record.exc_info and record.exc_info[0]:
            line["error"], line["where"] = record.exc_info[0].__name__, _place(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _place(trace: Any) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""


def configure(target: str | None = None) -> None:
    """Switches the log on. Empty: off; `stderr`: there; else a file. Raises BadInput where it cannot be written."""
    target = os.environ.get("MINECASE_LOG", "") if target is None else target
    root = logging.getLogger("minecase")
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.propagate = False
    if not target:
        root.addHandler(logging.NullHandler())
        return
    handler = _handler(target)
    handler.setFormatter(_JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _handler(target: str) -> logging.Handler:
    if target == "stderr":
        return logging.StreamHandler(sys.stderr)
    try:
        return RotatingFileHandler(target, maxBytes=_LONGEST, backupCount=_KEPT, encoding="utf-8")
    except OSError as error:
        raise BadInput(
            f"日志文件（MINECASE_LOG）“{target}”写不进去（{os_reason(error)}）：请核对目录和权限，或改为 stderr。"
        ) from None


def say(log: str, event: str, /, *, fault: bool = False, **fields: Any) -> None:
    """One line. `fault`: with the kind of the exception that is being handled."""
    logging.getLogger(log).log(
        logging.ERROR if fault else logging.INFO, event, extra={"fields": fields}, exc_info=fault
    )
