"""The county's plan is read with every check, and loaded whole into an empty case file."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col, create_engine, select
from tests.official_plan import official_text

from states import parties
from states.clauses import CLAUSES
from states.plan_verify import verify
from workflow.models import Contact, Mine, OpenValue, Organ, OrganAlias, Permit, Setting, User
from workflow.plan import OFFICE, PlanError, load_plan, read_plan

YANGCHENG = Path(__file__).resolve().parents[2] / "plans" / "yangcheng"
TODAY = date(2026, 11, 23)
BEIJING_TYPO = "township_beijing"


@dataclass
class OpenedCases:
    """Stands for the engine: remembers which cases it was asked to open."""

    cases: list[dict[str, object]] = field(default_factory=list)

    def __call__(
        self, session: Session, *, procedure: str, mine: Mine, number: str, actor: str, occurred_on: date,
        fields: Mapping[str, object], source: str,
    ) -> None:  # fmt: skip
        known = session.exec(select(OpenValue.name).where(OpenValue.mine_id == mine.id)).all()
        self.cases.append(
            {"procedure": procedure, "mine": mine.code, "number": number, "actor": actor, "on": occurred_on,
             "fields": fields, "source": source, "open": set(known)}
        )  # fmt: skip


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def opened(session: Session) -> OpenedCases:
    cases = OpenedCases()
    load_plan(session, read_plan(YANGCHENG), open_case=cases, actor=OFFICE, today=TODAY)
    return cases


def mine(session: Session, code: str) -> Mine:
    return session.exec(select(Mine).where(Mine.code == code)).one()


def open_names(session: Session, code: str) -> set[str]:
    return set(session.exec(select(OpenValue.name).where(OpenValue.mine_id == mine(session, code).id)))


def test_our_data_equals_the_official_text() -> None:
    plan = read_plan(YANGCHENG)
    assert verify(official_text(), CLAUSES, plan.fingerprints, plan.printed(2), plan.printed(3)) == []


def test_every_source_that_is_a_clause_exists() -> None:
    stated = [organ.source for organ in read_plan(YANGCHENG).organs if not re.match("推定|方案未列名", organ.source)]
    assert set(stated) <= set(CLAUSES)


def test_annex_2_opens_a_case_on_its_own_way_of_exit(opened: OpenedCases) -> None:
    routes = [(c["number"], c["procedure"], c["fields"]) for c in opened.cases[:5]]
    assert routes == [
        ("2-1", "closure", {"exit_mode": "closure", "exit_year": "2025"}),
        ("2-2", "closure", {"exit_mode": "closure", "exit_year": "2025"}),
        ("2-3", "closure", {"exit_mode": "closure", "exit_year": "2025"}),
        ("2-4", "guided_exit", {"exit_mode": "guided_exit", "exit_year": "2026"}),
        ("2-5", "guided_exit", {"exit_mode": "guided_exit", "exit_year": "2027"}),
    ]


def test_annex_3_opens_a_new_right_for_each_block(opened: OpenedCases) -> None:
    blocks = opened.cases[5:]
    assert [c["number"] for c in blocks] == [f"3-{n}" for n in range(1, 9)]
    assert {c["procedure"] for c in blocks} == {"new_right"}
    years = ["2025", "2026", "2026", "2026", "2027", "2027", "2028", "2028"]
    assert [c["fields"] for c in blocks] == [{"transfer_year": year} for year in years]


def test_a_case_names_its_source_and_the_day_of_the_plan(opened: OpenedCases) -> None:
    first = opened.cases[0]
    assert first["source"] == "阳政办发〔2025〕17号 附件2 第1行"
    assert (first["on"], first["actor"]) == (date(2025, 3, 20), "office")


def test_open_values_are_there_before_the_case_is_opened(opened: OpenedCases) -> None:
    assert all(case["open"] for case in opened.cases)


@pytest.mark.usefixtures("opened")
def test_a_mine_keeps_what_the_annex_says(session: Session) -> None:
    kiln = mine(session, "2-4")
    assert (kiln.name, kiln.holder, kiln.mineral, kiln.kind) == ("阳城县冠聿陶瓷粘土矿", "崔敏峰", "陶瓷土", "mine")
    assert kiln.facts == {
        "licence_number": "C1405002016117130143369", "valid_from": "2016-11-29", "valid_to": "2026-11-29",
        "scale": "5", "registrar_id": "registrar_140500", "holder_id": "holder_2-4",
    }  # fmt: skip


@pytest.mark.usefixtures("opened")
def test_a_block_keeps_what_the_annex_says(session: Session) -> None:
    block = mine(session, "3-8")
    assert (block.name, block.kind, block.holder) == ("阳城县河北镇西窰村(原园河村)香炉山二矿", "block", "")
    assert (block.township_id, block.village_id) == ("township_hebei", "village_xiyao")
    assert block.facts == {"area": "0.076", "predicted_resource": "300", "location": "阳城县河北镇西窰村"}


@pytest.mark.usefixtures("opened")
def test_only_the_first_mine_has_a_township_and_says_why(session: Session) -> None:
    townships = [mine(session, f"2-{n}").township_id for n in range(1, 6)]
    assert townships == ["township_hebei", "", "", "", ""]
    assert "采矿权人" in mine(session, "2-1").facts["township_source"]


@pytest.mark.usefixtures("opened")
def test_what_the_plan_leaves_open_is_open(session: Session) -> None:
    ground = {"legal_ground", "production_status", "remaining_life"}
    permits = {"safety_permit_number", "safety_permit_valid_to", "business_licence_number"}
    assert open_names(session, "2-1") == ground | permits
    assert all(open_names(session, f"2-{n}") == ground | permits | {"township_id"} for n in range(2, 6))
    new = {"mineral_use", "resource_basis", "planned_scale", "coordinates"}
    assert all(open_names(session, f"3-{n}") == new for n in range(1, 9))


@pytest.mark.usefixtures("opened")
def test_nobody_has_filled_in_an_open_value(session: Session) -> None:
    values = session.exec(select(OpenValue)).all()
    assert all(v.value is None and v.filled_by is None and v.clause in CLAUSES for v in values)


@pytest.mark.usefixtures("opened")
def test_the_ground_of_an_exit_is_asked_under_its_own_clause(session: Session) -> None:
    grounds = session.exec(select(OpenValue.clause).where(OpenValue.name == "legal_ground").order_by("mine_id")).all()
    assert grounds == ["三(二)1", "三(二)1", "三(二)1", "三(二)2", "三(二)2"]


@pytest.mark.usefixtures("opened")
def test_each_mine_has_its_mining_licence_and_no_invented_permit(session: Session) -> None:
    permits = session.exec(select(Permit).order_by(col(Permit.mine_id))).all()
    assert [(p.kind, p.registrar) for p in permits] == [
        ("mining", f"registrar_{code}") for code in ("140500", "140500", "140000", "140500", "140500")
    ]
    assert (permits[4].valid_from, permits[4].valid_to) == (date(2023, 3, 29), date(2027, 9, 29))


@pytest.mark.usefixtures("opened")
def test_every_fixed_organ_is_there_and_goes_by_its_name_on_the_cards(session: Session) -> None:
    for party in parties.FIXED:
        organ = session.get_one(Organ, party.id)
        alias = session.get(OrganAlias, party.name)
        assert organ.name == party.name or (alias is not None and alias.organ_id == party.id)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("name", ["领导小组", "工作组", "县非煤工作组", "工作专班"])
def test_the_four_names_of_the_group_are_one_organ(session: Session, name: str) -> None:
    assert session.get_one(OrganAlias, name).organ_id == "working_group"


@pytest.mark.usefixtures("opened")
def test_only_townships_that_the_plan_names_are_there(session: Session) -> None:
    names = session.exec(select(Organ.name).where(Organ.kind == "township")).all()
    assert {name.removeprefix("阳城县").removesuffix("人民政府") for name in names} == {
        "河北镇", "东冶镇", "北留镇", "演礼镇", "白桑镇", "凤城镇",
    }  # fmt: skip
    assert all(name in official_text() for name in ("河北镇", "东冶镇", "北留镇", "演礼镇", "白桑镇", "凤城镇"))


@pytest.mark.usefixtures("opened")
def test_registrars_are_marked_as_derived(session: Session) -> None:
    registrars = session.exec(select(Organ).where(Organ.kind == "registrar")).all()
    assert len(registrars) == 2
    assert all(organ.source.startswith("推定") for organ in registrars)


@pytest.mark.usefixtures("opened")
def test_each_organ_of_the_county_has_a_desk_and_nobody_is_named(session: Session) -> None:
    users = {user.id: user for user in session.exec(select(User))}
    inside = session.exec(select(Organ.id).where(col(Organ.kind).not_in(("registrar", "holder")))).all()
    assert set(users) == {*inside, "office"} - {"platform"}
    assert users["office"].organ_id == "group_office"
    assert users["natural_resources"].name == "阳城县自然资源局经办岗"


@pytest.mark.usefixtures("opened")
def test_no_address_is_made_up(session: Session) -> None:
    assert session.exec(select(Contact)).all() == []


@pytest.mark.usefixtures("opened")
def test_the_holder_of_each_mine_is_an_organ(session: Session) -> None:
    holders = session.exec(select(Organ.id, Organ.name).where(Organ.kind == "holder").order_by(col(Organ.id))).all()
    assert [tuple(row) for row in holders] == [(f"holder_2-{n}", mine(session, f"2-{n}").holder) for n in range(1, 6)]


@pytest.mark.usefixtures("opened")
def test_the_dates_of_the_plan_are_kept_as_a_setting(session: Session) -> None:
    value = session.get_one(Setting, "plan").value
    assert {name: value[name] for name in ("issued_on", "survey_by", "rectify_by", "master_plan_to", "loaded_on")} == {
        "issued_on": "2025-03-20", "survey_by": "2025-04-15", "rectify_by": "2025-12-31",
        "master_plan_to": "2025-12-31", "loaded_on": "2026-11-23",
    }  # fmt: skip


def test_a_plan_is_not_loaded_twice(session: Session, opened: OpenedCases) -> None:
    with pytest.raises(PlanError, match="已有矿山，方案不能重复载入"):
        load_plan(session, read_plan(YANGCHENG), open_case=opened, actor=OFFICE, today=TODAY)
    assert len(opened.cases) == 13


def test_one_holder_of_two_mines_is_one_organ(tmp_path: Path, session: Session) -> None:
    folder = changed(tmp_path, "annex2.csv", "崔敏峰", "潘李兵")
    load_plan(session, read_plan(folder), open_case=OpenedCases(), actor=OFFICE, today=TODAY)
    assert mine(session, "2-4").facts["holder_id"] == mine(session, "2-2").facts["holder_id"] == "holder_2-2"


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the county's folder with one thing changed, in its first place."""
    copy = shutil.copytree(YANGCHENG, folder / "plan")
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), "utf-8")
    return copy


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("annex2.csv", "2015-05-21,2025-05-21", "2015-05-21,2025-02-30", "第 3 行 valid_to（有效期止）填写的“2025-02-30”"),
        ("annex2.csv", "2015-05-21,2025-05-21", "20150521,2025-05-21", "第 3 行 valid_from（有效期起）填写的“20150521”"),
        ("annex2.csv", "2016-11-29,2026-11-29", "2026-11-29,2016-11-29", "第 5 行 valid_to（有效期止）.*应晚于 2026-11-29"),
        ("annex2.csv", "2026-11-29,guided", "2026-11-28,guided", "与附件所印“2016.11.29-2026.11.29”不一致"),
        ("annex2.csv", "5,2015.5.21", "五,2015.5.21", "第 3 行 scale（生产规模）填写的“五”不对：应为数字"),
        ("annex2.csv", "5,2015.5.21", "0,2015.5.21", "第 3 行 scale（生产规模）填写的“0”不对：应大于 0"),
        ("annex2.csv", "5,2015.5.21", "NaN,2015.5.21", "scale（生产规模）填写的“NaN”"),
        ("annex2.csv", "C1405002015057130138449", "C140500201513713013844", "第 3 行 licence_number（采矿许可证号）"),
        ("annex2.csv", "C1405002015057130138449", "C1405222015057130138449", "没有登记机关 registrar_140522"),
        ("annex2.csv", "C1405002015057130138449", "C1405002011087130116895", "第 3 行 .*许可证号与前面的行重复"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,√,√,", "第 3 行 .*只须勾一栏，现在勾了 2 栏"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,,,", "第 3 行 .*只须勾一栏，现在勾了 0 栏"),
        ("annex2.csv", "2025.5.21,√,,", "2025.5.21,,√,", "第 3 行 exit_mode（关闭退出方式）.*与勾选的引导退出不一致"),
        ("annex2.csv", "guided_exit,2026", "guided_exit,2062", "第 5 行 exit_year（关闭退出年度）填写的“2062”"),
        ("annex2.csv", "guided_exit,2026", "guided_exit,2027", "第 5 行 exit_year（关闭退出年度）.*与附件所印“2026年”不一致"),
        ("annex2.csv", "guided_exit", "upgrade", "第 5 行 exit_mode（关闭退出方式）填写的“upgrade”"),
        ("annex2.csv", "township_hebei", BEIJING_TYPO, "第 2 行 township_id（乡镇）填写的“township_beijing”"),
        ("annex2.csv", "township_hebei,附件2第1行", "township_hebei,\n", "第 2 行 township_source（乡镇依据）没有填写"),
        ("annex2.csv", "崔敏峰", "", "第 5 行 holder（采矿权人）没有填写"),
        ("annex2.csv", "崔敏峰", "崔敏\u202e峰", "第 5 行 holder（采矿权人）填写的“崔敏□峰”"),
        ("annex2.csv", "崔敏峰", "{{ 7*7 }}", "第 5 行 holder（采矿权人）填写的“{{ 7\\*7 }}”"),
        ("annex2.csv", "崔敏峰", "阳城县财政局", "第 5 行 holder（采矿权人）.*与 organs.toml 中的机构同名"),
        ("annex2.csv", "崔敏峰", "崔,敏峰", "第 5 行有 17 格，应有 16 格"),
        ("annex2.csv", "崔敏峰", '"崔敏峰', "第 6 行的引号不成对"),
        ("annex2.csv", "4,阳城县冠聿", "3,阳城县冠聿", "第 5 行 row（序号）填写的“3”不对：行号与前面的行重复"),
        ("annex2.csv", "阳城县冠聿陶瓷粘土矿", "阳城县润泰矿业有限公司", "第 5 行 name（名称）.*与前面的行重复"),
        ("annex2.csv", "row,name", "name,row", "annex2.csv 第 1 行表头不对（次序）"),
        ("annex2.csv", "row,name", "row,nmae", "annex2.csv 第 1 行表头不对（name、nmae）"),
        ("annex3.csv", "0.26", "-0.26", "annex3.csv 第 2 行 area（矿区面积）填写的“-0.26”不对：应大于 0"),
        ("annex3.csv", "village_hongshang", "village_nowhere", "第 8 行 village_id（村）填写的“village_nowhere”"),
        ("annex3.csv", "village_hongshang", "township_hebei", "第 8 行 village_id（村）填写的“township_hebei”"),
        ("organs.toml", 'kind = "county"', 'kind = "couny"', "organs.toml 第 1 个 [[]{2}organ[]]{2} kind（类别）填写的“couny”"),
        ("organs.toml", 'id = "tax"', 'id = "finance"', "第 9 个 .* id（代号）填写的“finance”不对：代号与前面的机构重复"),
        ("organs.toml", 'id = "tax"', 'id = "taxes"', "organs.toml 缺少机构 tax（县税务局）"),
        ("organs.toml", '"县税务局"', '"县财政局"', "第 9 个 .* aliases（别称）.*“县财政局”已是 finance 的名称"),
        ("organs.toml", 'aliases = ["发改"]', 'aliases = "发改"', "第 10 个 .* aliases（别称）.*应为名称的列表"),
        ("organs.toml", "desk = false", "desk = 0", "desk（设经办岗）填写的“0”不对：应为 true 或 false"),
        ("organs.toml", 'id = "tax"', "id = tax", "organs.toml 第 \\d+ 行格式不对"),
        ("plan.toml", "2025-03-20", "2025-02-30", "plan.toml 第 7 行格式不对"),
        ("plan.toml", "2025-03-20", '"昨天"', "plan.toml issued_on（印发日期）填写的“昨天”"),
        ("plan.toml", "2025-04-15", "2025-01-15", "survey_by on（日期）填写的“2025-01-15”不对：应晚于 2025-03-20"),
        ("plan.toml", "四(一)", "四(三)", "survey_by clause（条款）填写的“四(三)”不对：方案没有这一条款"),
        ("plan.toml", "rectify_by", "rectified_by", "plan.toml .* 缺少 rectify_by"),
        ("plan.toml", "[dates]", "[days]", "plan.toml dates（日期表）没有填写：应有 .dates."),
        ("open_values.csv", "group_office", "nobody", "第 3 行 asked_of（由谁明确）填写的“nobody”"),
        ("open_values.csv", "guided_exit", "closure", "第 4 行 name（名称）填写的“legal_ground”不对：同一事项在同一范围内重复"),
        ("open_values.csv", "annex2", "annex9", "第 2 行 applies_to（适用范围）填写的“annex9”"),
        ("open_values.csv", "五(二)¶8", "五(二)¶9", "第 2 行 clause（条款）填写的“五(二)¶9”"),
        ("clauses.csv", "\n一,", "\n文首,", "clauses.csv 第 3 行 id（代号）填写的“文首”不对：条款与前面的行重复"),
        ("clauses.csv", "\n一,", "\n一,x", "clauses.csv 第 3 行 fingerprint（指纹）"),
    ],
)
def test_what_is_broken_is_named_by_file_row_column_and_value(
    tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(changed(tmp_path, file, old, new))
    message = str(refused.value)
    assert re.search(sentence.replace("(", r"\(").replace(")", r"\)"), message), message
    assert message.startswith(file)
    assert message.endswith("。")
    assert message.count("。") == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    (folder / "annex3.csv").unlink()
    with pytest.raises(PlanError, match=r"读不到方案数据文件 annex3\.csv"):
        read_plan(folder)


@pytest.mark.parametrize("raw", ["矿".encode("gb18030"), b"row\0"])
def test_a_file_that_is_no_utf_8_text_is_named(tmp_path: Path, raw: bytes) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    (folder / "annex2.csv").write_bytes(raw)
    with pytest.raises(PlanError, match=r"^annex2\.csv (不是 UTF-8|含有非文字)"):
        read_plan(folder)


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    text = (folder / "annex2.csv").read_text("utf-8")
    (folder / "annex2.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_plan(folder) == read_plan(YANGCHENG)
