"""From 1 November on, the slip of every morning asks for next year's holidays until they are there (N10)."""

from pathlib import Path

from freezegun import freeze_time
from sqlmodel import col, select

from notifications.render import render
from office.running.installation import Office
from tests.conftest import at_nine
from tests.story import Story
from tests.workflow.test_calendar_import import NOTICE_2027
from workflow.models import Notice
from workflow.reprojection import import_calendar


def slip(story: Story) -> str:
    (notice, *_) = story.rows(select(Notice).where(Notice.kind == "heartbeat").order_by(col(Notice.id).desc()))
    return render("heartbeat", notice.payload).body


def test_the_office_is_asked_for_next_years_holidays_until_they_are_there(office: Office, tmp_path: Path) -> None:
    story, asked = Story(office, tmp_path), "2027年的放假安排还没有导入"
    story.morning("2026-10-30")
    assert asked not in slip(story)
    for day in ("2026-11-02", "2026-11-03", "2026-12-31"):
        story.morning(day)
        assert asked in slip(story)
    with freeze_time(at_nine("2026-12-31")), office.writing() as session:
        import_calendar(session, NOTICE_2027, source="演示", year=None, replace=False, actor="office")
    story.morning("2027-01-04")
    assert asked not in slip(story)
