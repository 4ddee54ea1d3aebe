"""The mailbox folder: real messages, written whole or not at all, each once."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifications.channels import Letter, TemporaryFailure
from notifications.channels.mailbox import MailboxChannel
from notifications.outbox import DeliveryReport, deliver
from notifications.render import render
from tests.notifications.desk import DAY, Clock, payload, plan


@pytest.fixture
def box(tmp_path: Path) -> MailboxChannel:
    return MailboxChannel(tmp_path / "mailbox")


@pytest.fixture
def letter(clock: Clock) -> Letter:
    return Letter(
        notice_id=7, key="lapsed|9-1|3", kind="lapsed", organ_id="clinic", planned_on=DAY, to_name="虚构单位",
        address="clinic@mailbox.invalid", message_id="<minecase-notice-7@mailbox.invalid>", at=clock.at,
        message=render("lapsed", payload()),
    )  # fmt: skip


def files(box: MailboxChannel) -> list[str]:
    return sorted(str(path.relative_to(box.folder)) for path in box.folder.rglob("*") if path.is_file())


def test_a_notice_lies_in_its_organs_folder_under_day_number_and_kind(
    engine: Engine, clock: Clock, box: MailboxChannel
) -> None:
    [number] = plan(engine)
    assert deliver(engine, box, now=clock) == DeliveryReport(sent=1)
    assert files(box) == [f"clinic/2026-11-23-{number}-lapsed.eml"]


def test_an_organ_needs_no_address_but_must_be_known(engine: Engine, clock: Clock, box: MailboxChannel) -> None:
    plan(engine, "organ_without_contact")
    plan(engine, "")
    assert deliver(engine, box, now=clock) == DeliveryReport(sent=1, no_contact=1)


def test_the_file_is_a_real_message(letter: Letter, box: MailboxChannel) -> None:
    box.begin(letter).commit()
    mail = message_from_bytes((box.folder / files(box)[0]).read_bytes(), policy=SMTP)
    assert mail["Message-ID"] == "<minecase-notice-7@mailbox.invalid>"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:00:00 +0800"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "虚构单位 <clinic@mailbox.invalid>"
    assert mail["Subject"] == letter.message.subject
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == letter.message.body


def test_nothing_is_to_be_seen_before_the_commit_and_nothing_after_an_abandon(
    letter: Letter, box: MailboxChannel
) -> None:
    delivery = box.begin(letter)
    assert list(box.folder.rglob("*.eml")) == []
    delivery.abandon()
    assert files(box) == []


def test_a_repeat_finds_the_file_and_is_no_second_message(letter: Letter, box: MailboxChannel) -> None:
    box.begin(letter).commit()
    before = (box.folder / files(box)[0]).read_bytes()
    assert "未重复写入" in box.begin(letter).commit()
    assert files(box) == ["clinic/2026-11-23-7-lapsed.eml"]
    assert (box.folder / files(box)[0]).read_bytes() == before


def test_a_repeat_clears_away_what_a_crash_left_half_done(letter: Letter, box: MailboxChannel) -> None:
    box.begin(letter)
    assert [name for name in files(box) if name.endswith(".tmp")]
    box.begin(letter).commit()
    assert files(box) == ["clinic/2026-11-23-7-lapsed.eml"]


def test_a_number_used_by_another_database_swallows_no_letter(letter: Letter, box: MailboxChannel) -> None:
    other = replace(letter, key="lapsed|9-2|1", message=render("lapsed", payload(mine="另一家石料厂")))
    for each in (letter, other, other):
        box.begin(each).commit()
    assert len(files(box)) == 2


def test_a_folder_that_cannot_be_written_is_a_failure_in_words(letter: Letter, tmp_path: Path) -> None:
    (tmp_path / "mailbox").write_text("a file where the folder should be")
    with pytest.raises(TemporaryFailure, match=r"无法写入信箱 clinic（.*），请检查磁盘空间和目录权限"):
        MailboxChannel(tmp_path / "mailbox").begin(letter)
