"""APScheduler as heartbeat only: the schedule is the database, a lost beat costs nothing.

Its default grace of one second drops late jobs, and a night of power-off would otherwise be made up for by a flood:
hence no grace limit, one run for many missed, one at a time.
"""

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from workflow.clock import now


def start(tick: Callable[[], None], seconds: int) -> BackgroundScheduler:
    """Calls `tick` now and then every so many seconds on a thread of its own, until `shutdown`."""
    scheduler = BackgroundScheduler(
        timezone="Asia/Shanghai", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    scheduler.add_job(tick, "interval", seconds=seconds, id="heartbeat", next_run_time=now())
    scheduler.start()
    return scheduler
