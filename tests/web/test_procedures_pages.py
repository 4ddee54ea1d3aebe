"""流程与条款: every card is shown, every clause says what rests on it, and the official text is taken if it agrees."""

from typing import Any

import pytest
from freezegun import freeze_time
from httpx2 import Response

from office.plan import checkup
from office.plan.citations import cited, uses
from office.plan.plan_text_store import loaded
from office.running.installation import Office
from states.check import Finding
from states.check_words import CHECKS
from states.clauses import CLAUSES
from states.describe import own_steps
from states.registry import PROCEDURES
from tests.conftest import at_nine
from tests.official_plan import official_text
from tests.web.browser import Browser, text_of
from tests.web.visitor import add_administrators
from workflow.models import Case

DAY = "2026-11-23"


def page(office: Office, url: str, account: str = "office") -> Any:
    with freeze_time(at_nine(DAY)):
        return Browser(office, account).page(url)


def send(office: Office, data: bytes, name: str = "方案.txt", account: str = "office") -> Response:
    with freeze_time(at_nine(DAY)):
        return Browser(office, account).post("/clauses/text", files={"file": (name, data, "text/plain")})


def is_loaded(office: Office) -> bool:
    with office.reading() as session:
        return loaded(session) is not None


def test_every_procedure_has_its_card_under_its_kind(office: Office) -> None:
    tree = page(office, "/procedures")
    assert [h.text for h in tree.xpath("//h2[@class='group']")] == ["入口程序", "整治方式", "并行事项"]
    links = tree.xpath("//h3/a/@href")
    assert sorted(links) == sorted(f"/procedures/{name}" for name in PROCEDURES)


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_procedure_shows_its_diagram_and_every_step_with_its_words(office: Office, name: str) -> None:
    procedure, tree = PROCEDURES[name], page(office, f"/procedures/{name}")
    assert tree.xpath('//svg[contains(@class, "flow")]')
    steps = own_steps(procedure)
    assert tree.xpath('//tr[starts-with(@id, "step-")]/@id') == [f"step-{step.trigger}" for step in steps]
    for step in steps:
        (row,) = tree.xpath(f'//tr[@id="step-{step.trigger}"]')
        said = text_of(row)
        for words in (
            step.title,
            step.lead.name,
            step.clause,
            *(f.label for f in step.fields),
            *(e.label for e in step.evidence),
        ):
            assert words in said, (step.trigger, words)
    said = text_of(tree)
    assert all(state.label in said for state in procedure.states)
    assert not tree.xpath("//*[@style or @onclick]")


def test_what_is_no_procedure_is_not_found(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).get("/procedures/nonsense")
    assert (answer.status_code, "没有这个办理程序" in text_of(answer)) == (404, True)


def test_whoever_keeps_the_system_reads_the_procedures_too(office: Office) -> None:
    add_administrators(office)
    for account in ("admin", "security", "auditor", "township_beiliu"):
        for url in ("/procedures", "/procedures/closure", "/clauses", "/check"):
            page(office, url, account)


def test_every_clause_stands_in_the_tree_with_its_gist_and_what_rests_on_it(office: Office) -> None:
    tree = page(office, "/clauses")
    assert tree.xpath('//ol[@class="clause-tree"]/li/@id') == list(CLAUSES)
    item = {li.get("id"): li for li in tree.xpath('//ol[@class="clause-tree"]/li')}
    assert CLAUSES["三(二)1(2)"].gist in text_of(item["三(二)1(2)"])
    assert "/procedures/closure#step-record_expiry" in item["三(二)1(2)"].xpath(".//a/@href")
    assert "关闭取缔：按采矿许可证到期处理" in text_of(item["三(二)1(2)"])
    assert "《督办单》" in text_of(item["五(五)"])
    assert "关闭取缔：关闭验收合格（关闭退出年度12月31日）" in text_of(item["附件2"])
    assert "名录核对 E3" in text_of(item["三(二)2(3)"]), "the criteria cite their clauses too"
    assert not item["五(四)"].xpath(".//details")
    assert item["三(二)1(1)"].get("class") == "level-3"
    assert item["五(二)¶3"].get("class") == "level-2"


def test_the_uses_are_all_the_clauses_that_the_plan_is_verified_with() -> None:
    assert cited() == set(uses())
    assert cited() <= set(CLAUSES)
    assert all(found.number for found in uses().values())


def test_the_official_text_is_taken_when_it_agrees_and_then_shown(office: Office) -> None:
    assert "还没有载入正式文本" in text_of(page(office, "/clauses"))
    answer = send(office, official_text().encode())
    assert (answer.status_code, answer.headers["location"]) == (303, "/clauses")
    tree = page(office, "/clauses", "township_beiliu")
    assert "已载入“方案.txt”（2026-11-23，" in text_of(tree)
    (quoted,) = tree.xpath('//li[@id="三(二)1(2)"]//blockquote')
    assert quoted.text_content() in "".join(official_text().split())
    assert len(quoted.text_content()) > 20


def test_each_difference_is_listed_and_nothing_is_kept(office: Office) -> None:
    text = (
        official_text().replace("C1405002016117130143369", "C1405002016117130143368", 1).replace("承诺书", "保证书", 1)
    )
    answer = send(office, text.encode("gb18030"))
    assert answer.status_code == 422
    said = text_of(answer)
    assert "“方案.txt”与系统不一致：2 处" in said
    assert "附件2#4 采矿许可证号" in said
    assert "C1405002016117130143368" in said
    assert not is_loaded(office)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.4 scan", "这不是文字文件"), ("只是一句话".encode(), "没有找到"), (b"\xff" * 40, "编码认不出来"),
     (b"a" * (2 * 1024 * 1024 + 1), "超过 2 MB")],
    ids=["a scan", "another text", "noise", "too long"],
)  # fmt: skip
def test_what_is_no_plan_is_refused_with_what_to_do(office: Office, data: bytes, said: str) -> None:
    answer = send(office, data)
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert not is_loaded(office)


def test_no_file_is_said_so(office: Office) -> None:
    with freeze_time(at_nine(DAY)):
        answer = Browser(office).post("/clauses/text")
    assert (answer.status_code, "还没有选择文件" in text_of(answer)) == (422, True)


def test_only_the_office_and_the_system_s_keeper_load_it(office: Office) -> None:
    add_administrators(office)
    for account in ("natural_resources", "township_beiliu", "security", "auditor"):
        assert send(office, official_text().encode(), account=account).status_code == 403
        assert not page(office, "/clauses", account).xpath('//input[@type="file"]')
    assert not is_loaded(office)
    assert send(office, official_text().encode(), account="admin").status_code == 303


def test_the_check_answers_every_question_with_passed(office: Office) -> None:
    tree = page(office, "/check")
    results = [cell.text_content().strip() for cell in tree.xpath('//table[@class="checks"]/tbody/tr/td[last()]')]
    assert results == ["通过"] * (len(CHECKS) + 1)
    assert "结论：全部通过" in text_of(tree)
    assert "11 个程序，119 个状态，135 个环节" in text_of(tree)


def test_a_case_that_the_program_does_not_know_is_named(office: Office) -> None:
    with office.writing() as session:
        case = session.get_one(Case, 1)
        case.state = "nowhere"
        session.add(case)
        number = case.number
    tree = page(office, "/check")
    assert "结论：发现 1 处问题" in text_of(tree)
    assert f"案件 {number} 处于程序" in text_of(tree)


def test_a_defect_of_a_card_stands_at_its_question(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    defect = Finding("关闭取缔(closure)", "状态“已停产”(production_stopped)", "没有牵头单位", "duties")
    monkeypatch.setattr(checkup, "structure", lambda: (defect,))
    with office.reading() as session:
        found = {words: problems for words, problems in checkup.answers(session) if problems}
    assert found == {CHECKS["duties"]: [str(defect)]}
