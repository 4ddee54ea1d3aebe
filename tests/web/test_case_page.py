"""The page of one case: what is next and why not, the way so far, everything on record; and only for who may see it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine, event
from sqlmodel import select

from office.plan.plan_text_store import clause_text, examine, keep, loaded
from office.running.installation import Office
from states.plan_text import decode
from tests.conftest import at_nine
from tests.official_plan import official_text
from tests.story import TOWNSHIP, Story
from tests.web.browser import Browser, text_of
from web import links
from workflow.correction import correct
from workflow.engine import advance
from workflow.entries import act, lock
from workflow.errors import BadInput
from workflow.models import Case, CasePerson
from workflow.register import actor_named

LAW = {"legal_basis": "演示法第一条", "remedy": "演示救济途径"}
APPROVED = {"approval_number": "演政函〔2026〕5号", "approval_date": "2026-03-10"}


@pytest.fixture
def story(office: Office, tmp_path: Path) -> Story:
    return Story(office, tmp_path).register(
        "演示一号砂岩矿", holder="演示一号矿业公司", mineral="砂岩", licence_number="C1405002016117130143399",
        valid_from="2016-11-29", valid_to="2026-06-30",
    )  # fmt: skip


def notified(story: Story) -> str:
    """A closure whose notice was served on 5 February 2026."""
    case = story.open("closure", "2026-01-05", exit_year="2026")
    story.take(
        case, "issue_closure_notice", "2026-02-02", user="natural_resources", enforcer="natural_resources",
        legal_ground="illegal_works", findings="演示事实", **LAW,
    )  # fmt: skip
    story.take(case, "serve_closure_notice", "2026-02-06", user="natural_resources", served_on="2026-02-05")
    return case


def closing(story: Story) -> str:
    """A closure that was accepted on the spot; its permits are not cancelled yet."""
    case = notified(story)
    story.take(case, "decide_closure", "2026-03-12", hearing_outcome="未提出", stop_on="2026-04-30", **APPROVED, **LAW)
    story.take(case, "confirm_stop", "2026-04-30", user=TOWNSHIP, stopped_on="2026-04-29", restore_by="2026-12-31")
    story.take(case, "start_closing", "2026-05-11", user=TOWNSHIP, closure_standard="演示关闭标准")
    story.take(case, "accept_closure", "2026-07-01", user=TOWNSHIP, accepted_on="2026-06-30", checklist_passed="是")
    return case


def shown(office: Office, case: str, on: str, account: str = "office", query: str = "") -> str:
    with freeze_time(at_nine(on)):
        return text_of(Browser(office, account).page(f"/cases/{case.replace('/', '~')}{query}"))


def test_the_band_says_what_is_next_who_does_it_by_when_and_why(office: Office, story: Story) -> None:
    case = notified(story)

    with freeze_time(at_nine("2026-02-16")):
        page = Browser(office, "office").page(f"/cases/{case}")

    band = text_of(page.xpath("//section[@aria-label='下一步']")[0])
    assert "县政府作出关闭决定" in band
    assert "阳城县人民政府" in band
    assert "阳政办发〔2025〕17号" in band
    assert page.xpath("//section[@aria-label='下一步']//a[.='办理本环节']/@href") == [
        f"/cases/{case}/steps/decide_closure"
    ]
    assert "尚缺" in band
    assert text_of(page.xpath("//h1")[0]) == "演示一号砂岩矿"
    assert "演示数据" in text_of(page)


def test_a_blocked_step_names_what_is_missing_from_whom_under_which_clause(office: Office, story: Story) -> None:
    case = closing(story)

    with freeze_time(at_nine("2026-07-02")):
        page = Browser(office, "natural_resources").page(f"/cases/{case}")

    band = page.xpath("//section[@aria-label='下一步']")[0]
    assert "采矿许可证C1405002016117130143399（待办理）" in text_of(band)
    assert "责任：县自然资源局 · 依据：五(二)¶1" in text_of(band)
    assert not band.xpath(".//a[contains(@class, 'primary')]")
    assert band.xpath(".//*[@aria-disabled='true']")[0].text == "暂不能办理"


def test_a_permit_offers_no_steps_of_other_kinds_of_permits(office: Office, story: Story) -> None:
    (permit, *_) = story.tracks(closing(story), "permit")

    with freeze_time(at_nine("2026-07-02")):
        page = Browser(office, "natural_resources").page(links.case_url(permit))

    ways = text_of(page.xpath("//section[@aria-label='下一步']")[0])
    ways += "".join(text_of(way) for way in page.xpath("//details[contains(@class, 'others')]"))
    assert "提请注销采矿许可证" in ways
    assert "申请变更" in ways
    assert ways.count("提请注销") == 1


def test_who_may_not_take_the_step_sees_who_may(office: Office, story: Story) -> None:
    case = story.open("closure", "2026-01-05", exit_year="2026")

    band = shown(office, case, "2026-01-06", "finance") if _sees(office, "finance", case) else ""
    township = shown(office, case, "2026-01-06", TOWNSHIP)

    assert "办理本环节" not in band + township
    assert "由阳城县自然资源局办理" in township or "由依法有权的监管部门办理" in township


def _sees(office: Office, account: str, case: str) -> bool:
    return Browser(office, account).get(f"/cases/{case}").status_code == 200


def test_the_timeline_tells_every_entry_with_its_words(office: Office, story: Story) -> None:
    case = closing(story)
    story.correct(case, "2026-07-03", "验收日期录错")

    text = shown(office, case, "2026-07-04")

    assert "关闭验收合格" in text
    assert "理由：验收日期录错" in text
    assert "已更正" in text
    assert "送达日期 2026-02-05" in text
    assert "批准文号（县政府批复或会议纪要） 演政函〔2026〕5号" in text
    assert "作出机关 县自然资源局" in text
    assert "已告知拟关闭 → 关闭依据已确定" in text
    assert "进展通知" in text
    assert text.index("验收日期录错") < text.index("立案依据 演示数据")


def test_the_columns_hold_facts_deadlines_papers_tracks_and_people(office: Office, story: Story) -> None:
    case = closing(story)
    with freeze_time(at_nine("2026-07-02")), office.writing() as session:
        row = session.exec(select(Case).where(Case.number == case)).one()
        session.add(
            CasePerson(case_id=row.id, relation="handler", organ_id="natural_resources", account_id="natural_resources",
                       given_by="office", given_on=date(2026, 7, 2), reason="熟悉情况")
        )  # fmt: skip

    text = shown(office, case, "2026-07-02")

    assert "采矿许可证C1405002016117130143399有效期至 2026-06-30 已到期" in text
    assert "内部建议时限" in text
    assert "拟关闭事先(听证)告知书" in text
    assert "已送达" in text
    assert "生态修复" in text
    assert "M-1/permit-1" in text
    assert "经办：阳城县自然资源局经办岗" in text
    assert "熟悉情况" in text


def test_the_diagram_stands_on_the_page_with_its_words(office: Office, story: Story) -> None:
    case = notified(story)

    with freeze_time(at_nine("2026-02-16")):
        answer = Browser(office, "office").get(f"/cases/{case}")

    assert '<g data-state="closure_notified">' in answer.text
    assert "限 2026-" in answer.text
    assert "文字说明（14 个环节）" in answer.text


def test_only_open_actions_are_in_the_menu(office: Office, story: Story) -> None:
    case = notified(story)

    def menu(account: str, on: str = "2026-02-16") -> list[str]:
        with freeze_time(at_nine(on)):
            page = Browser(office, account).page(f"/cases/{case}")
        return [text_of(link) for link in page.xpath("//div[@class='more-menu']/a")]

    assert menu("office") == ["退回", "转办", "抄送", "催办", "督办", "中止", "延期", "更正"]
    assert menu("natural_resources") == ["退回", "撤回", "转办", "抄送", "催办", "更正"]
    assert "中止" not in menu(TOWNSHIP)
    assert "更正" not in menu(TOWNSHIP)

    story.take(case, "suspend", "2026-03-02", reason="行政复议", basis="演示依据")
    assert "恢复办理" in menu("office", "2026-03-03")
    assert "延期" not in menu("office", "2026-03-03")
    text = shown(office, case, "2026-03-03")
    assert "中止" in text
    assert "案件自 2026-03-02 起中止办理，须先恢复" in text


def test_acts_show_in_the_timeline(office: Office, story: Story) -> None:
    case = notified(story)
    with freeze_time(at_nine("2026-02-16")), office.writing() as session:
        view = lock(session, case)
        assert view is not None
        act(session, view, "urged", actor=actor_named(session, "office"), on=date(2026, 2, 16),
            data={"organ": "county_government", "reason": "请尽快研究"})  # fmt: skip

    text = shown(office, case, "2026-02-17")

    assert "催办" in text
    assert "对象 阳城县人民政府" in text
    assert "理由：请尽快研究" in text


def test_a_closed_case_says_how_it_ended(office: Office, story: Story) -> None:
    case = notified(story)
    story.take(case, "delist", "2026-03-03", reason="证照齐全，列入有误", **APPROVED | {"approval_date": "2026-03-02"})

    text = shown(office, case, "2026-03-04")

    assert "办理结果移出名录" in text
    assert "办结日期2026-03-03" in text
    assert "办理本环节" not in text


def test_a_fact_has_a_history_with_who_and_when(office: Office, story: Story) -> None:
    case = closing(story)
    story.correct(case, "2026-07-03", "验收日期录错")
    story.take(case, "accept_closure", "2026-07-06", user=TOWNSHIP, accepted_on="2026-07-05", checklist_passed="是")

    with freeze_time(at_nine("2026-07-07")):
        browser = Browser(office, "office")
        page = browser.page(f"/cases/{case}/facts/accepted_on")
        rows = [[text_of(cell) for cell in row.xpath("td")] for row in page.xpath("//tbody/tr")]
        assert browser.get(f"/cases/{case}/facts/no_such_thing").status_code == 404

    assert [row[2] for row in rows] == ["2026-07-05", "2026-06-30 已更正"]
    assert rows[0][3] == "关闭验收合格"
    assert rows[0][4] == "演示县演示镇人民政府"


def test_another_organs_case_does_not_exist(office: Office, story: Story) -> None:
    case = notified(story)

    with freeze_time(at_nine("2026-02-16")):
        stranger = Browser(office, "culture_tourism")
        answers = [stranger.get(f"/cases/{case}{rest}") for rest in ("", "/bundle.zip", "/facts/served_on")] + [
            stranger.get("/cases/no~such"),
            stranger.post(f"/cases/{case}/files", {"evidence": "other"}),
        ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert len({re.sub(r"“.*?”", "", text_of(a)) for a in (answers[0], answers[3])}) == 1


def test_the_volume_comes_as_one_file(office: Office, story: Story, tmp_path: Path) -> None:
    case = notified(story)

    with freeze_time(at_nine("2026-02-16")):
        answer = Browser(office, "office").get(f"/cases/{case}/bundle.zip")
    target = tmp_path / "volume.zip"
    target.write_bytes(answer.content)

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    with ZipFile(target) as volume:
        assert any(name.endswith("办理经过.csv") for name in volume.namelist())
    assert not list(office.settings.home.glob("volume-*"))


def test_who_may_not_see_all_of_a_mine_gets_no_volume(office: Office, story: Story) -> None:
    case = closing(story)
    (permit,) = story.tracks(case, "permit")

    with freeze_time(at_nine("2026-07-02")):
        approval = Browser(office, "tax")
        seen = [n for n in (case, permit) if approval.get(f"/cases/{n.replace('/', '~')}").status_code == 200]
        refused = [approval.get(f"/cases/{n.replace('/', '~')}/bundle.zip").status_code for n in seen]

    assert refused == [404] * len(seen)


def test_the_official_text_is_shown_once_it_is_loaded(office: Office, story: Story) -> None:
    case = closing(story)
    words = official_text().encode()
    assert "条款原文" not in shown(office, case, "2026-07-02")

    with office.writing() as session:
        assert keep(office, session, "方案.txt", words, by="office", on=date(2026, 7, 2)) == []
    with office.reading() as session:
        found = loaded(session)
        assert found is not None
        assert found.clauses > 50
        text = clause_text(session, office.store, "四(二)5")
        assert text is not None
        assert text in re.sub(r"\s", "", official_text())
        assert clause_text(session, office.store, "九(九)") is None
    assert "条款原文" in shown(office, case, "2026-07-02")


def test_a_text_that_differs_is_not_loaded(office: Office) -> None:
    changed = official_text().replace("矿业权人", "业主", 1).encode()

    with office.writing() as session:
        findings = keep(office, session, "方案.txt", changed, by="office", on=date(2026, 7, 2))
    with office.reading() as session:
        assert findings
        assert loaded(session) is None
        assert clause_text(session, office.store, "四(二)5") is None
    with pytest.raises(BadInput, match="不是文字文件"):
        examine(office, b"%PDF-1.7 plan")
    assert decode(changed)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that run inside."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _grow(story: Story, case: str, times: int) -> None:
    """So many suspensions and resumptions, some taken back: entries like those of a long life."""
    with freeze_time(at_nine("2026-02-16")), story.office.writing() as session:
        actor = actor_named(session, "office")
        stored = story.office.store.put(story._scan("ground"))
        for n in range(times):
            advance(
                session, case, "suspend", actor=actor, occurred_on=date(2026, 2, 16),
                fields={"reason": f"第 {n} 次中止", "basis": "演示依据"}, evidence={"suspension_ground": (stored,)},
            )  # fmt: skip
            if n % 10 == 9:
                correct(session, case, actor=actor, on=date(2026, 2, 16), reason="录错")
            else:
                advance(session, case, "resume", actor=actor, occurred_on=date(2026, 2, 16), fields={"reason": "恢复"})
            session.expire_all()


def test_a_long_life_costs_no_more_statements_and_little_more_room(office: Office, story: Story) -> None:
    case = notified(story)
    with freeze_time(at_nine("2026-02-16")):
        browser = Browser(office, "office")
        browser.get(f"/cases/{case}")
        with counted(office.engine) as few:
            short = browser.get(f"/cases/{case}")
    _grow(story, case, 100)
    with freeze_time(at_nine("2026-02-16")):
        browser.get(f"/cases/{case}")
        with counted(office.engine) as many:
            long = browser.get(f"/cases/{case}")
        everything = browser.get(f"/cases/{case}?all=1")

    assert len(many) <= len(few) <= 40
    assert "显示最近 30 条，共 2" in long.text
    assert "第 0 次中止" not in long.text
    assert "第 0 次中止" in everything.text
    assert len(short.content) < len(long.content) < 100_000
