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

from states import parties
from states.clauses import CLAUSES
from states.plan_verify import verify
from tests.official_plan import official_text
from workflow.models import Contact, Mine, OpenValue, Organ, OrganAlias, Permit, Setting, User
from workflow.plan import OFFICE, PlanError, load_plan, read_plan

YANGCHENG = Path(__file__).resolve().parents[2] / "plans" / "yangcheng"
TODAY = date(2026, 11, 23)


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
    assert {name: value[name] for name in ("issued_on", "survey_by", "overall_by", "master_plan_to", "loaded_on")} == {
        "issued_on": "2025-03-20", "survey_by": "2025-04-15", "overall_by": "2025-12-31",
        "master_plan_to": "2025-12-31", "loaded_on": "2026-11-23",
    }  # fmt: skip


def test_a_plan_is_not_loaded_twice(session: Session, opened: OpenedCases) -> None:
    with pytest.raises(PlanError, match="已有矿山，方案不能重复载入"):
        load_plan(session, read_plan(YANGCHENG), open_case=opened, actor=OFFICE, today=TODAY)
    assert len(opened.cases) == 13


def test_one_holder_of_two_mines_is_one_organ(tmp_path: Path, session: Session) -> None:
    folder = shutil.copytree(YANGCHENG, tmp_path / "plan")
    annex = folder / "annex2.csv"
    annex.write_text(annex.read_text("utf-8").replace("崔敏峰", "潘李兵"), "utf-8")
    load_plan(session, read_plan(folder), open_case=OpenedCases(), actor=OFFICE, today=TODAY)
    assert mine(session, "2-4").facts["holder_id"] == mine(session, "2-2").facts["holder_id"] == "holder_2-2"
