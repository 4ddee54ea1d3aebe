"""Every structural defect that could be planted is found and named; the real procedures have none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from states import documents
from states import parties as p
from states.check import ADVERSE_STATES, Finding, check, report
from states.due import Due, fixed
from states.fields import Evidence, Field
from states.kernel import STAY, CaseState, Emits, Mark, Opens, Procedure, Step
from states.permits import PERMIT
from states.rectification import RECTIFICATION
from states.registry import PROCEDURES
from states.restoration import RESTORATION
from tests.states.samples import TINY, with_more, with_state, with_step, without_step

TEMPLATES = Path(__file__).parents[2] / "templates" / "documents"
SHORTCUT = Step(
    trigger="jump", title="径行办理", source="open", dest="done", lead=p.NATURAL_RESOURCES, clause="四(一)"
)  # fmt: skip
NOBODY = None


def has_template(kind: str) -> bool:
    return (TEMPLATES / f"{kind}.md.j2").is_file()


def problems(procedure: Procedure, *, templates: Callable[[str], bool] = has_template) -> list[str]:
    """What the check says of one procedure among the real ones."""
    others = {**PROCEDURES, procedure.id: procedure}
    found = check(others, has_template=templates)
    assert all(f.procedure == f"{procedure.title}({procedure.id})" for f in found)
    return [f"{f.place}：{f.problem}" for f in found]


def test_the_real_procedures_have_no_defect() -> None:
    assert check(PROCEDURES, has_template=has_template) == []


def test_the_small_procedure_of_these_tests_has_no_defect() -> None:
    assert problems(TINY) == []


STRUCTURE: dict[str, tuple[Procedure, list[str]]] = {
    "a state that nothing leads to": (
        with_more(TINY, CaseState("lost", "孤立", p.TOWNSHIP, no_deadline="无"),
                  replace(SHORTCUT, trigger="leave", source="lost")),
        ["状态“孤立”(lost)：从起始状态走不到"],
    ),
    "a state with no way to an end": (
        with_step(with_more(TINY, SHORTCUT), "finish", dest="doing"),
        ["状态“办理中”(doing)：走不到任何终点状态"],
    ),
    "no end at all": (
        with_state(without_step(TINY, "finish"), "doing", final=True, lead=None, no_deadline=""),
        # `doing` ends now, so the standing steps must not start there, and `done` is out of reach.
        ["状态“办结”(done)：从起始状态走不到", *("状态“办理中”(doing)：终点状态还有出路：" + step for step in (
            "环节“中止办理（停止计时）”(suspend)", "环节“恢复办理（恢复计时）”(resume)", "环节“调整期限”(extend)"))],
    ),
    "an unknown initial state": (replace(TINY, initial="nowhere"), [
        "程序：起始状态 nowhere 不存在", *(f"状态“{state.label}”({state.id})：从起始状态走不到" for state in TINY.states)]),
    "an unknown source": (
        with_step(TINY, "finish", source=("doing", "nowhere")), ["环节“办理完毕”(finish)：起点状态 nowhere 不存在"]
    ),
    "no source": (
        with_step(with_more(TINY, replace(SHORTCUT, source="doing")), "finish", source=()),
        ["环节“办理完毕”(finish)：没有写明从哪个状态办理"],
    ),
    "an unknown destination": (
        with_more(TINY, replace(SHORTCUT, dest="nowhere")), ["环节“径行办理”(jump)：去向状态 nowhere 不存在"]
    ),
    "a deadline that runs in an unknown state": (
        with_step(TINY, "begin", due_in=("nowhere",)), ["环节“开始办理”(begin)：期限起算的状态 nowhere 不存在"]
    ),
    "a deadline that runs in a final state": (
        with_step(TINY, "begin", due_in=("done",)), ["状态“办结”(done)：终点状态还有期限：环节“开始办理”(begin)"]
    ),
    "a way out of a final state": (
        with_more(TINY, replace(SHORTCUT, source="done", dest="doing")),
        ["状态“办结”(done)：终点状态还有出路：环节“径行办理”(jump)"],
    ),
    "a standing step in a final state": (
        with_step(TINY, "suspend", source=("open", "doing", "done")),
        ["状态“办结”(done)：终点状态还有出路：环节“中止办理（停止计时）”(suspend)"],
    ),
    "a final state with a lead": (
        with_state(TINY, "done", lead=p.TOWNSHIP), ["状态“办结”(done)：终点状态不应再有牵头单位（矿山所在乡(镇)人民政府）"]
    ),
    "a state without a lead": (with_state(TINY, "doing", lead=None), ["状态“办理中”(doing)：没有牵头单位"]),
    "a state with neither deadline nor reason": (
        with_state(TINY, "doing", no_deadline=""), ["状态“办理中”(doing)：既没有期限，也没有写明不设期限的理由"]
    ),
    "a trigger used twice": (
        with_more(TINY, replace(SHORTCUT, trigger="begin")), ["环节 begin：触发代号重复，一个触发只能对应一个环节"]
    ),
    "a state declared twice": (with_more(TINY, TINY.states[0]), ["状态 open：状态代号重复"]),
    "one field name of two types": (
        with_step(TINY, "finish", fields=(Field("begun_on", "开始日期"),)),
        ["填写项 begun_on：在不同环节的类型不一致：date、text"],
    ),
    "a field asked at the opening and again with another type": (
        replace(TINY, asks=(Field("begun_on", "开始日期", "number"),)),
        ["填写项 begun_on：在不同环节的类型不一致：date、number"],
    ),
    "a step led by nobody": (with_step(TINY, "finish", lead=NOBODY), ["环节“办理完毕”(finish)：没有牵头单位"]),
    "a step that stays, led by nobody": (
        with_step(TINY, "extend", lead=NOBODY), ["环节“调整期限”(extend)：没有牵头单位（状态不变的环节也须有人负责）"]
    ),
    "a step that opens an unknown procedure": (
        with_step(TINY, "finish", opens=(Opens("nothing"),)), ["环节“办理完毕”(finish)：要启动的程序 nothing 不存在"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", STRUCTURE)
def test_a_defect_of_the_machine_is_named(planted: str) -> None:
    procedure, expected = STRUCTURE[planted]
    assert sorted(problems(procedure)) == sorted(expected)


def test_a_procedure_filed_under_another_name_is_named() -> None:
    found = check({"small": TINY})
    assert [str(f) for f in found] == ["小程序(tiny)，程序：登记的代号是 small，卡片上写的是 tiny"]


def test_a_procedure_without_any_end_cannot_end() -> None:
    endless = with_state(with_state(TINY, "done", final=False, lead=p.TOWNSHIP, no_deadline="无"), "doing")
    assert sorted(problems(endless)) == sorted(
        f"状态“{state.label}”({state.id})：走不到任何终点状态" for state in endless.states
    )


CLAUSES: dict[str, tuple[Procedure, str]] = {
    "of a procedure": (replace(TINY, clause="六"), "程序：引用的条款“六”在方案中不存在"),
    "of a step": (with_step(TINY, "begin", clause="三(二)1(6)"), "环节“开始办理”(begin)：引用的条款“三(二)1(6)”在方案中不存在"),
    "second of a step": (with_step(TINY, "begin", clause="四(一)；八"), "环节“开始办理”(begin)：引用的条款“八”在方案中不存在"),
    "of a deadline of the plan": (
        with_step(TINY, "begin", due=Due(fixed("x"), "期限", "plan", "四(九)")),
        "环节“开始办理”(begin)的期限：引用的条款“四(九)”在方案中不存在",
    ),
    "law cited as the plan": (
        with_step(TINY, "begin", due=Due(fixed("x"), "期限", "plan", "矿产资源法第二十四条")),
        "环节“开始办理”(begin)的期限：引用的条款“矿产资源法第二十四条”在方案中不存在",
    ),
    "beside an article of law": (
        with_step(TINY, "begin", due=Due(fixed("x"), "期限", "law", "矿产资源法第二十四条；附件9")),
        "环节“开始办理”(begin)的期限：引用的条款“附件9”在方案中不存在",
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", CLAUSES)
def test_a_clause_that_the_plan_does_not_have_is_named(planted: str) -> None:
    procedure, expected = CLAUSES[planted]
    assert problems(procedure) == [expected]


def test_the_clauses_of_another_plan_may_be_handed_in() -> None:
    assert check({"tiny": TINY}, clause_exists=lambda _: False)


def test_a_proposal_of_ours_needs_no_clause() -> None:
    proposed = Due(fixed("x"), "期限", "proposal", "方案未规定，供调度使用")
    assert problems(with_step(TINY, "begin", due=proposed)) == []


def emitting(kind: str, issuer: p.Party) -> Procedure:
    return with_step(TINY, "finish", emits=(Emits(kind, issuer),))


def test_a_document_outside_the_catalogue_is_named() -> None:
    assert problems(emitting("poem", p.NATURAL_RESOURCES)) == ["环节“办理完毕”(finish)：文书 poem 不在文书目录中"]


def test_a_document_without_a_template_is_named() -> None:
    found = problems(emitting("survey_report", p.NATURAL_RESOURCES), templates=lambda kind: kind != "survey_report")
    assert found == [
        "环节“办理完毕”(finish)：《非煤矿山调查摸底情况报告》没有模板（templates/documents/survey_report.md.j2）"
    ]


def test_templates_are_not_looked_up_unless_asked() -> None:
    assert check({"tiny": emitting("survey_report", p.NATURAL_RESOURCES)}) == []


@pytest.mark.parametrize(
    ("kind", "issuer", "said"),
    [
        ("closure_decision", p.NATURAL_RESOURCES, "县自然资源局无权签发《关闭决定书》，应由县人民政府签发"),
        ("rectification_order", p.TAX, "县税务局无权签发《责令限期整改通知书》，应由依法有权的监管部门签发"),
        ("criticism_circular", p.GROUP_OFFICE, "工作组办公室无权签发《通报》"),
        ("closing_report", p.HOLDER, "采矿权人无权签发《销号报告》"),
    ],
)
def test_an_issuer_without_the_power_is_named(kind: str, issuer: p.Party, said: str) -> None:
    [found] = problems(emitting(kind, issuer))
    assert found.startswith(f"环节“办理完毕”(finish)：{said}")


@pytest.mark.parametrize("issuer", [p.WORKING_GROUP, p.GROUP_OFFICE])
@pytest.mark.parametrize("kind", [kind for kind in documents.KINDS if kind.is_enforcement], ids=lambda kind: kind.id)
def test_no_temporary_body_issues_an_enforcement_document(kind: documents.DocumentKind, issuer: p.Party) -> None:
    [found] = problems(emitting(kind.id, issuer))
    assert f"《{kind.title}》是执法文书，{issuer.name}是临时机构，不能签发" in found


def test_an_issuer_may_be_any_organ_that_fills_the_role() -> None:
    assert problems(emitting("rectification_order", p.ENFORCER)) == []
    # 停产通知书 is not for the ecology bureau, which may be named as the enforcing organ.
    [found] = problems(emitting("stop_notice", p.ENFORCER))
    assert "晋城市生态环境局阳城分局无权签发《停产通知书》" in found


def test_a_catalogue_that_lets_a_temporary_body_enforce_is_named() -> None:
    order = documents.BY_ID["rectification_order"]
    lax = {**documents.BY_ID, order.id: replace(order, issuers=(*order.issuers, p.WORKING_GROUP))}
    [found] = check(PROCEDURES, kinds=lax)
    assert (found.procedure, found.place) == ("文书目录", "《责令限期整改通知书》")
    assert "县非煤矿产资源综合整治提升工作组是临时机构，没有执法主体资格" in found.problem


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": None}, "没有期限"),
        ({"opens": (Opens("fund"),)}, "不能要求启动并行事项"),
        ({"emits": (Emits("closing_report", p.GROUP_OFFICE),)}, "不能要求出具文书"),
        ({"fields": (Field("reason", "理由"),)}, "不能要求填写内容"),
        ({"evidence": (Evidence("record", "记录"),)}, "不能要求提交材料"),
    ],
)
def test_a_step_of_the_clock_asks_nothing_of_anybody(changes: dict[str, object], said: str) -> None:
    found = problems(with_step(PERMIT, "expire", **changes))
    assert found == [f"环节“证照到期”(expire)：由系统按日期办理的环节{said}"]


@pytest.mark.parametrize(
    ("trigger", "changes", "mark", "said"),
    [
        ("issue_order", {"emits": ()}, "责令或决定文书", "没有出具法律文书"),
        ("issue_order", {"emits": (Emits("closure_request", p.NATURAL_RESOURCES),)}, "责令或决定文书", "没有出具法律文书"),
        ("serve_order", {"fields": ()}, "送达证明", "没有要求送达日期"),
        ("serve_order", {"fields": (Field("served_on", "送达日期", "date", required=False),)}, "送达证明", "没有要求送达日期"),
        ("serve_order", {"evidence": ()}, "送达证明", "没有要求送达日期(served_on)和送达回证(service_receipt)"),
        ("find_unrectified", {"guards": ()}, "期限届满", "没有“已届满”的条件"),
        ("find_unrectified", {"evidence": ()}, "复查结论", "没有要求复查记录(reinspection_record)"),
    ],
)  # fmt: skip
def test_a_step_puts_on_file_what_it_claims(trigger: str, changes: dict[str, object], mark: str, said: str) -> None:
    found = problems(with_step(RECTIFICATION, trigger, **changes))
    assert any(f"({trigger})：声明确立“{mark}”，却{said}" in f for f in found)


@pytest.mark.parametrize("mark", list(Mark))
@pytest.mark.parametrize("procedure", [RECTIFICATION, RESTORATION], ids=lambda procedure: procedure.id)
def test_every_adverse_state_is_open_as_soon_as_nothing_establishes_a_mark(procedure: Procedure, mark: Mark) -> None:
    bare = replace(procedure, steps=tuple(replace(s, marks=s.marks - {mark}) for s in procedure.steps))
    adverse = [state for state in procedure.states if state.requires]
    assert adverse
    assert problems(bare) == [f"状态“{state.label}”({state.id})：没有“{mark}”也能进入这一不利状态" for state in adverse]


@pytest.mark.parametrize(
    ("procedure", "source", "dest", "missing"),
    [
        (RECTIFICATION, "found", "reported_abnormal", set(Mark)),
        (RECTIFICATION, "ordered", "unrectified", {Mark.SERVICE, Mark.TERM_EXPIRED, Mark.REINSPECTION}),
        (RECTIFICATION, "submitted", "serious_discredit", {Mark.TERM_EXPIRED, Mark.REINSPECTION}),
        (RESTORATION, "restoring", "third_party_working", set(Mark)),
        (RESTORATION, "refused", "substitute_decided", {Mark.ORDER, Mark.SERVICE}),
        (RESTORATION, "demand_issued", "urged", {Mark.SERVICE}),
    ],
)
def test_a_short_cut_to_an_adverse_state_is_named(
    procedure: Procedure, source: str, dest: str, missing: set[Mark]
) -> None:
    found = problems(with_more(procedure, replace(SHORTCUT, source=source, dest=dest)))
    assert found
    assert {mark for mark in Mark for f in found if f"没有“{mark}”也能进入" in f} == missing


@pytest.mark.parametrize("mark", list(Mark))
@pytest.mark.parametrize("state", sorted(ADVERSE_STATES))
def test_a_known_adverse_state_cannot_drop_a_mark(state: str, mark: Mark) -> None:
    procedure = next(p for p in PROCEDURES.values() if p.knows(state))
    card = procedure.state(state)
    found = problems(with_state(procedure, state, requires=card.requires - {mark}))
    assert found == [f"状态“{card.label}”({state})：属于不利状态，却没有要求“{mark}”"]


def test_every_adverse_state_that_is_known_exists() -> None:
    assert all(any(procedure.knows(state) for procedure in PROCEDURES.values()) for state in ADVERSE_STATES)


def test_a_finding_reads_as_a_sentence() -> None:
    finding = Finding("关闭取缔(closure)", "状态“已停产”(production_stopped)", "没有牵头单位")
    assert str(finding) == "关闭取缔(closure)，状态“已停产”(production_stopped)：没有牵头单位"


def test_the_report_counts_what_each_procedure_consists_of() -> None:
    page = report({"tiny": TINY}, [])
    assert page.splitlines() == [
        "流程体检：1 个程序，3 个状态，2 个环节（通用的中止、恢复、调整期限不计）",
        "",
        "小程序（四(一)）",
        "  状态 3（终点 1），环节 2（例外 0）",
        "  期限：方案规定 1",
        "  不设期限：办理中——方案没有规定",
        "  文书：无",
        "",
        "结论：全部通过",
    ]


def test_the_report_of_the_real_procedures_names_each_of_them_and_fits_one_page() -> None:
    page = report(PROCEDURES, check(PROCEDURES))
    assert all(f"{procedure.title}（{procedure.clause}）" in page for procedure in PROCEDURES.values())
    assert page.endswith("结论：全部通过")
    assert len(page.splitlines()) < 100


def test_the_report_ends_with_the_defects() -> None:
    broken = {"tiny": with_step(with_state(TINY, "doing", lead=None), "begin", dest=STAY)}
    lines = report(broken, check(broken)).splitlines()
    at = lines.index("结论：发现 4 处问题")
    assert lines[at + 1].startswith("  1. 小程序(tiny)，状态“已立案”(open)：走不到任何终点状态")
    assert len(lines[at + 1 :]) == 4
