"""A holiday notice is read as people have it, checked against the calendar, and published as one year."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

from workflow.calendar_import import (
    CalendarChange,
    NoticeError,
    YearNotice,
    holiday_difference,
    import_year,
    read_notice,
)
from workflow.models import CalendarDay, CalendarYear
from workflow.working_days import Calendar, load_calendar, seed_calendar

NOTICE_2026 = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。

国务院办公厅
2025年11月4日
"""
NOTICE_2025 = """国务院办公厅关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
"""
NOTICE_2024 = """现将2024年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
"""
NOTICE_2017 = """国务院办公厅关于2017年部分节假日安排的通知
一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。
"""
#: Fictional: nobody knows the notice for 2027 yet.
NOTICE_2027 = """2027-01-01,holiday,元旦
2027-02-05,holiday,春节
2027-02-06,holiday,春节
2027-02-07,holiday,春节
2027-02-08,holiday,春节
2027-02-09,holiday,春节
2027-02-20,working,春节调休
2027-04-05,holiday,清明节
2027-05-01,holiday,劳动节
2027-05-03,holiday,劳动节
2027-06-09,holiday,端午节
2027-09-15,holiday,中秋节
2027-10-01,holiday,国庆节
"""
TODAY = date(2026, 11, 23)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        seed_calendar(session)
        yield session
    engine.dispose()


def publish(session: Session, notice: YearNotice | str, *, replace: bool = False) -> CalendarChange:
    notice = read_notice(notice) if isinstance(notice, str) else notice
    return import_year(session, notice, source="国办发明电〔2026〕1号", today=TODAY, replace=replace)


def problems_of(text: str, year: int | None = None) -> tuple[str, ...]:
    with pytest.raises(NoticeError) as refused:
        read_notice(text, year=year)
    return refused.value.problems


# --- reading the State Council's wording


@pytest.mark.parametrize(
    ("text", "year"), [(NOTICE_2026, 2026), (NOTICE_2025, 2025), (NOTICE_2024, 2024), (NOTICE_2017, 2017)]
)
def test_real_notices_are_read_as_the_published_calendar_has_them(text: str, year: int) -> None:
    notice = read_notice(text)
    published = {d: "holiday" for d in chinese_calendar.holidays if d.year == year and d.weekday() < 5}
    published |= {d: "working" for d in chinese_calendar.workdays if d.year == year and d.weekday() >= 5}
    assert notice.year == year
    assert {d.day: d.kind for d in notice.deviations()} == published


def test_each_day_carries_the_name_of_its_festival() -> None:
    names = {d.day: d.name for d in read_notice(NOTICE_2026).days}
    assert names[date(2026, 2, 17)] == "春节"
    assert names[date(2026, 9, 20)] == "国庆节调休"


def test_new_year_may_reach_back_into_december() -> None:
    text = "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
    assert [d.day.isoformat() for d in read_notice(text, year=2019).days] == [
        "2018-12-29", "2018-12-30", "2018-12-31", "2019-01-01",
    ]  # fmt: skip


def test_worked_days_are_not_part_of_the_days_off() -> None:
    text = "七、国庆节：10月1日至7日放假调休，10月10日（周六）上班，共7天。"
    assert len(read_notice(text, year=2026).days) == 8


def test_wrapped_lines_and_one_long_line_read_the_same() -> None:
    wrapped = NOTICE_2026.replace("（农历正月初七、", "（农历正\n  月初七、").replace("放假调休，", "放假\n调休，")
    one_line = NOTICE_2026.partition("节假日期间")[0].replace("\n", "")
    assert read_notice(wrapped) == read_notice(one_line) == read_notice(NOTICE_2026)


def test_the_year_may_be_given_where_the_text_does_not_say_it() -> None:
    lines = NOTICE_2026.splitlines()[6:13]
    assert read_notice("\n".join(lines), year=2026) == read_notice(NOTICE_2026)
    assert problems_of("\n".join(lines)) == ("看不出这是哪一年的放假通知，请连同标题一起粘贴，或指明年份。",)


def test_a_year_that_contradicts_the_text_is_refused() -> None:
    assert problems_of(NOTICE_2026, year=2027) == ("指定的是2027年，通知写的却是2026年，请核对。",)


def test_weekdays_in_brackets_are_checked() -> None:
    text = "元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月4日（周日）上班。"
    (problem,) = problems_of(text, year=2027)
    assert problem.startswith("第1行“元旦")
    assert problem.endswith("：2027-01-04是周一，通知写的是周日，请核对日期和年份。")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("一、元旦：1月1日至3日放假，共4天。", "写的是共4天，按起止日期是3天"),
        ("一、元旦：1月1日放假2天。", "写的是共2天，按起止日期是1天"),
        ("一、元旦：1月1日至3日休假，共3天。", "“1月1日至3日休假”无法识别"),
        ("一、元旦：1月1日放架。", "“1月1日放架”无法识别"),
        ("一、元旦：一月一日放假。", "没有读到日期"),
        ("一、元旦：2月30日放假。", "没有2027年2月30日这一天"),
        ("一、元旦：12月31日至1月2日放假，共3天。", "起止日期不对"),
        ("一、元旦：1月1日放假。1月4日上班。", "2027-01-04是周一，本来就上班"),
        ("1月1日放假。", "看不出是哪个节日"),
        ("延长春节假期至2月12日。", "看不出是哪个节日"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_the_reason(line: str, why: str) -> None:
    (problem,) = problems_of(f"放假通知\n{line}\n三、清明节：4月5日放假。", year=2027)
    assert problem.startswith("第2行“")
    assert why in problem
    assert problem.endswith("。")


def test_every_bad_line_gets_its_own_sentence() -> None:
    text = NOTICE_2026.replace("共9天", "共8天").replace("5月9日（周六）", "5月9日（周日）")
    assert [problem.split("“")[0] for problem in problems_of(text)] == ["第8行", "第10行"]


def test_a_text_without_dates_says_what_to_paste() -> None:
    (problem,) = problems_of("关于2027年部分节假日安排的通知\n详见附件。")
    assert "请粘贴国务院办公厅通知全文" in problem


# --- reading rows


def test_rows_with_commas_or_tabs_and_chinese_kinds_read_the_same() -> None:
    tabs = NOTICE_2027.replace(",", "\t").replace("holiday", "放假").replace("working", "上班")
    slashes = "日期,类别,名称\n# 备注\n\n" + NOTICE_2027.replace("-0", "/").replace("-", "/")
    full_width = NOTICE_2027.replace(",", "，")
    assert read_notice(tabs) == read_notice(slashes) == read_notice(full_width) == read_notice(NOTICE_2027)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_as_windows_saves_them(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "notice.csv"
    path.write_bytes(NOTICE_2027.replace("\n", ",\r\n").encode(encoding))
    assert read_notice(path) == read_notice(NOTICE_2027)


def test_a_missing_or_binary_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notice.pdf").write_bytes(b"%PDF\xff\xff\x00")
    with pytest.raises(NoticeError, match="打不开放假通知文件"):
        read_notice(tmp_path / "missing.csv")
    with pytest.raises(NoticeError, match="不是文本文件"):
        read_notice(tmp_path / "notice.pdf")


def test_bad_rows_are_named_one_by_one() -> None:
    bad = "2027-01-01,holiday,元旦\n2027-02-30,holiday,春节\n2027-02-20,休,春节\n2027-02-20\n2027-02-22,working,春节\n"
    assert [problem[:3] for problem in problems_of(bad)] == ["第2行", "第3行", "第4行", "第5行"]


def test_a_day_may_not_be_given_twice() -> None:
    twice = "2027-01-01,holiday,元旦\n2027-01-01,holiday,春节\n"
    assert problems_of(twice) == ("2027-01-01写了两次（元旦、春节），请只留一处。",)


def test_rows_of_two_years_are_refused() -> None:
    mixed = "2027-01-01,holiday,元旦\n2026-10-01,holiday,国庆节\n"
    assert "混有2026、2027年" in problems_of(mixed)[0]
    assert "不属于2027年" in problems_of(mixed, year=2027)[0]


@given(st.text(alphabet="一二三、元旦春节：:。，,（）()周五1234567890年月日至放假调休上班共天-/\t\n", max_size=80))
def test_any_text_is_read_or_refused_in_sentences(text: str) -> None:
    try:
        problems: tuple[str, ...] = () if read_notice(text, year=2027).days else ("empty",)
    except NoticeError as refused:
        problems = refused.problems
    assert all(problem.endswith("。") for problem in problems)


# --- publishing


def test_a_provisional_year_becomes_published_and_says_what_moved(session: Session) -> None:
    change = publish(session, NOTICE_2027)
    year = session.get_one(CalendarYear, 2027)
    assert (change.was, change.revision) == ("provisional", 2)
    assert (year.status, year.revision, year.source) == ("published", 2, "国办发明电〔2026〕1号（2026-11-23导入）")
    assert [day.isoformat() for day in change.days] == ["2027-02-09", "2027-02-20", "2027-05-03"]
    assert change.after == load_calendar(session)
    assert change.after.is_published(date(2027, 5, 3))
    assert not change.before.is_published(date(2027, 5, 3))


def test_the_same_notice_again_changes_nothing(session: Session) -> None:
    publish(session, NOTICE_2027)
    again = publish(session, NOTICE_2027)
    assert (again.days, again.revision, again.was) == ((), 2, "published")


def test_the_notice_of_a_seeded_year_is_identical_to_its_seed(session: Session) -> None:
    change = publish(session, NOTICE_2026)
    assert (change.days, change.revision) == ((), 1)


def test_a_published_year_is_only_corrected_on_purpose(session: Session) -> None:
    publish(session, NOTICE_2027)
    corrected = NOTICE_2027.replace("2027-02-20", "2027-02-21")
    with pytest.raises(NoticeError, match=r"2027年的放假安排已经公布.*有2天不同.*2027-02-20"):
        publish(session, corrected)
    assert load_calendar(session).is_working(date(2027, 2, 20)), "a refusal changes nothing"
    change = publish(session, corrected, replace=True)
    assert [day.isoformat() for day in change.days] == ["2027-02-20", "2027-02-21"]
    assert change.revision == 3


def test_a_year_without_a_row_can_be_published(session: Session) -> None:
    change = publish(session, read_notice(NOTICE_2017))
    assert (change.was, change.revision) == (None, 1)
    assert load_calendar(session).is_published(date(2017, 1, 1))


def test_an_incomplete_notice_is_not_published(session: Session) -> None:
    half = "".join(NOTICE_2027.splitlines(keepends=True)[:9])
    with pytest.raises(NoticeError, match="缺少端午、中秋、国庆的放假日期"):
        publish(session, half)
    assert session.get_one(CalendarYear, 2027).status == "provisional"


def test_a_notice_without_a_source_is_not_published(session: Session) -> None:
    with pytest.raises(NoticeError, match="来源"):
        import_year(session, read_notice(NOTICE_2027), source=" ", today=TODAY)


def test_new_year_days_in_december_survive_a_correction_of_the_year_before(session: Session) -> None:
    publish(session, "2026-12-31,holiday,元旦\n2026-12-27,working,元旦调休\n" + NOTICE_2027)
    assert session.get_one(CalendarYear, 2026).revision == 2
    shorter = read_notice(NOTICE_2026.replace("5月9日（周六）上班。", ""))
    change = publish(session, shorter, replace=True)
    assert [day.isoformat() for day in change.days] == ["2026-05-09"]
    assert not change.after.is_working(date(2026, 12, 31))
    assert change.after.is_working(date(2026, 12, 27))


def test_only_days_that_differ_from_their_weekday_are_kept(session: Session) -> None:
    publish(session, NOTICE_2027)
    assert session.get(CalendarDay, date(2027, 5, 1)) is None
    rows = session.exec(select(CalendarDay)).all()
    assert all((row.day.weekday() < 5) == (row.kind == "holiday") for row in rows)


def test_the_difference_of_two_calendars_is_a_list_of_days() -> None:
    plain = Calendar({}, frozenset())
    festive = Calendar({date(2027, 1, 1): False, date(2027, 1, 2): False, date(2028, 1, 3): False}, frozenset({2027}))
    assert holiday_difference(plain, festive, 2027) == [date(2027, 1, 1)]
