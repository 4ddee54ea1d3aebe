"""流程体检: structural defects of the procedures, found at every start-up before any case is touched.

Pure and quick (a few milliseconds for all procedures): it reads the cards and never moves a case.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as column

from states import clauses, documents
from states import parties as p
from states.documents import DocumentKind
from states.due import BASIS_LABELS, Due
from states.kernel import STAY, CaseState, Emits, Mark, Procedure, Step

#: States that harm a right holder (N6): none may be declared without all four marks.
ADVERSE_STATES = frozenset({
    "reported_abnormal", "abnormal_listed", "serious_discredit", "substitute_decided", "third_party_working",
})  # fmt: skip

#: A source that names an article of law stands beside the plan, not in it.
_LAW_ARTICLE = re.compile(r".*法第.+条.*")

_Defect = tuple[str, str]  # (place, what is wrong there)


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect: in which procedure, at which card, and what is wrong, in Chinese."""

    procedure: str
    place: str
    problem: str
    #: Key of `states.check_words.CHECKS`.
    check: str = column(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.procedure}，{self.place}：{self.problem}"


def check(
    procedures: Mapping[str, Procedure],
    *,
    clause_exists: Callable[[str], bool] = clauses.exists,
    has_template: Callable[[str], bool] | None = None,
    kinds: Mapping[str, DocumentKind] = documents.BY_ID,
) -> list[Finding]:
    """Every defect of every procedure, in the order of the files. Templates are looked up only where asked."""
    findings = [Finding("文书目录", place, problem, "catalogue") for place, problem in _catalogue(kinds)]
    for key, procedure in procedures.items():
        defects = {
            "names": _names(key, procedure), "references": _references(procedure), "ways": _ways(procedure),
            "ends": _ends(procedure), "duties": _duties(procedure), "cited": _cited(procedure, clause_exists),
            "issued": _issued(procedure, kinds, has_template), "settled": _settled(procedure),
            "opened": _opened(procedure, procedures), "clocked": _clocked(procedure), "marked": _marked(procedure),
            "gated": _gated(procedure),
        }  # fmt: skip
        findings += [
            Finding(f"{procedure.title}({procedure.id})", place, problem, name)
            for name, found in defects.items() for place, problem in found
        ]  # fmt: skip
    return findings


def _at(state: CaseState) -> str:
    return f"状态“{state.label}”({state.id})"


def _on(step: Step) -> str:
    return f"环节“{step.title}”({step.trigger})"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _names(key: str, procedure: Procedure) -> Iterator[_Defect]:
    if key != procedure.id:
        yield "程序", f"登记的代号是 {key}，卡片上写的是 {procedure.id}"
    for trigger in _twice(step.trigger for step in procedure.steps):
        yield f"环节 {trigger}", "触发代号重复，一个触发只能对应一个环节"
    for repeated in _twice(state.id for state in procedure.states):
        yield f"状态 {repeated}", "状态代号重复"
    types = defaultdict(set)
    for field in (*procedure.asks, *(f for step in procedure.steps for f in step.fields)):
        types[field.name].add(field.type)
    for name, found in types.items():
        if len(found) > 1:
            yield f"填写项 {name}", f"在不同环节的类型不一致：{'、'.join(sorted(found))}"


def _reachable(
    procedure: Procedure, starts: Iterable[str], *, backwards: bool = False, without: Mark | None = None
) -> set[str]:
    """States that can be reached (or, backwards, from which the starts can be), passing by the steps of a mark."""
    ways = defaultdict(set)
    for step in procedure.steps:
        for source in step.sources if without not in step.marks else ():
            here, there = (step.target(source), source) if backwards else (source, step.target(source))
            ways[here].add(there)
    seen, waiting = set(starts), list(starts)
    while waiting:
        new = ways[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def _references(procedure: Procedure) -> Iterator[_Defect]:
    known = {state.id for state in procedure.states}
    if procedure.initial not in known:
        yield "程序", f"起始状态 {procedure.initial} 不存在"
    for step in procedure.steps:
        if not step.sources:
            yield _on(step), "没有写明从哪个状态办理"
        for source in step.sources:
            if source not in known:
                yield _on(step), f"起点状态 {source} 不存在"
        if step.dest not in (*known, STAY):
            yield _on(step), f"去向状态 {step.dest} 不存在"
        for name in step.due_in:
            if name not in known:
                yield _on(step), f"期限起算的状态 {name} 不存在"


def _ways(procedure: Procedure) -> Iterator[_Defect]:
    entered = _reachable(procedure, [procedure.initial])
    ending = _reachable(procedure, [s.id for s in procedure.states if s.final], backwards=True)
    for state in procedure.states:
        if state.id not in entered:
            yield _at(state), "从起始状态走不到"
        if state.id not in ending:
            yield _at(state), "走不到任何终点状态"


def _ends(procedure: Procedure) -> Iterator[_Defect]:
    finals = {state.id: state for state in procedure.states if state.final}
    for state in finals.values():
        if state.lead:
            yield _at(state), f"终点状态不应再有牵头单位（{state.lead.name}）"
    for step in procedure.steps:
        for source in step.sources:
            if source in finals:
                yield _at(finals[source]), f"终点状态还有出路：{_on(step)}"
        for name in step.due_in:
            if name in finals:
                yield _at(finals[name]), f"终点状态还有期限：{_on(step)}"


def _duties(procedure: Procedure) -> Iterator[_Defect]:
    for state in procedure.states:
        if not (state.final or state.no_deadline or procedure.timed_in(state.id)):
            yield _at(state), "既没有期限，也没有写明不设期限的理由"
        if not (state.final or (state.lead and state.lead.name)):
            yield _at(state), "没有牵头单位"
    for step in procedure.steps:
        if not (step.lead and step.lead.name):
            yield _on(step), "没有牵头单位" + ("（状态不变的环节也须有人负责）" if step.dest == STAY else "")


def _cited(procedure: Procedure, exists: Callable[[str], bool]) -> Iterator[_Defect]:
    cited = [("程序", part) for part in _parts(procedure.clause)]
    for step in procedure.steps:
        cited += [(_on(step), part) for part in _parts(step.clause)]
        cited += [(f"{_on(step)}的期限", part) for part in _sources(step.due)]
    for place, clause in cited:
        if not exists(clause):
            yield place, f"引用的条款“{clause}”在方案中不存在"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("；")]


def _sources(due: Due | None) -> list[str]:
    """The clauses of the plan on which a deadline says to rest; a proposal of ours rests on none."""
    if due is None or due.basis == "proposal":
        return []
    return [part for part in _parts(due.source) if due.basis == "plan" or not _LAW_ARTICLE.fullmatch(part)]


def _catalogue(kinds: Mapping[str, DocumentKind]) -> Iterator[_Defect]:
    for kind in kinds.values():
        for issuer in kind.issuers:
            if kind.is_enforcement and issuer.temporary:
                yield f"《{kind.title}》", f"{issuer.name}是临时机构，没有执法主体资格，不能列为签发单位"


def _issued(
    procedure: Procedure, kinds: Mapping[str, DocumentKind], has_template: Callable[[str], bool] | None
) -> Iterator[_Defect]:
    places = [(_on(step), emits) for step in procedure.steps for emits in step.emits]
    for place, emits in (*places, *(("立案", emits) for emits in procedure.emits)):
        kind = kinds.get(emits.kind)
        if kind is None:
            yield place, f"文书 {emits.kind} 不在文书目录中"
            continue
        if has_template and not has_template(kind.id):
            yield place, f"《{kind.title}》没有模板（templates/documents/{kind.id}.md.j2）"
        yield from ((place, sentence) for sentence in _unlawful(emits, kind))


def _settled(procedure: Procedure) -> Iterator[_Defect]:
    """A step can only prove the service of what the procedure has drafted."""
    drafted = {emits.kind for emits in procedure.emits} | {e.kind for step in procedure.steps for e in step.emits}
    for step in procedure.steps:
        for kind in step.settles:
            if kind not in drafted:
                yield _on(step), f"要送达（签订）的文书 {kind} 在本程序中没有环节出具"
        if "served_on" in {field.name for field in step.fields} and not step.settles:
            yield _on(step), "登记送达，却没有写明送达的是哪种文书(settles)"


def _unlawful(emits: Emits, kind: DocumentKind) -> Iterator[str]:
    if kind.is_enforcement and emits.issuer.temporary:
        yield f"《{kind.title}》是执法文书，{emits.issuer.name}是临时机构，不能签发"
        return
    # Whoever may be named as the enforcing organ must hold the power, not only one of them.
    for organ in p.ENFORCERS if emits.issuer is p.ENFORCER else (emits.issuer,):
        if not documents.may_issue(organ.id, kind):
            yield documents.refusal(organ.name, kind).rstrip("。")


def _opened(procedure: Procedure, procedures: Mapping[str, Procedure]) -> Iterator[_Defect]:
    for step in procedure.steps:
        for opens in step.opens:
            if opens.procedure not in procedures:
                yield _on(step), f"要启动的程序 {opens.procedure} 不存在"


def _clocked(procedure: Procedure) -> Iterator[_Defect]:
    for step in procedure.steps:
        if not step.by_clock:
            continue
        if step.due is None:
            yield _on(step), "由系统按日期办理的环节没有期限"
        wants = {"启动并行事项": step.opens, "出具文书": step.emits, "填写内容": step.fields, "提交材料": step.evidence}
        for words, content in wants.items():
            if content:
                yield _on(step), f"由系统按日期办理的环节不能要求{words}"


def _establishes(step: Step, mark: Mark) -> bool:
    """Whether a card really puts on file what it claims to."""
    if mark is Mark.ORDER:
        return any(e.kind in documents.BY_ID and documents.BY_ID[e.kind].is_enforcement for e in step.emits)
    if mark is Mark.SERVICE:
        asked = any(field.name == "served_on" and field.required for field in step.fields)
        return asked and any(evidence.name == "service_receipt" for evidence in step.evidence)
    if mark is Mark.TERM_EXPIRED:
        return any(guard.title.endswith("已届满") for guard in step.guards)
    return any(evidence.name == "reinspection_record" for evidence in step.evidence)


_WANTED = {
    Mark.ORDER: "没有出具法律文书", Mark.SERVICE: "没有要求送达日期(served_on)和送达回证(service_receipt)",
    Mark.TERM_EXPIRED: "没有“已届满”的条件", Mark.REINSPECTION: "没有要求复查记录(reinspection_record)",
}  # fmt: skip


def _marked(procedure: Procedure) -> Iterator[_Defect]:
    for step in procedure.steps:
        for mark in Mark:
            if mark in step.marks and not _establishes(step, mark):
                yield _on(step), f"声明确立“{mark}”，却{_WANTED[mark]}"


def _gated(procedure: Procedure) -> Iterator[_Defect]:
    open_without = {
        mark: _reachable(procedure, [procedure.initial], without=mark)
        for mark in Mark
        if any(mark in state.requires for state in procedure.states)
    }
    for state in procedure.states:
        for mark in Mark:
            if mark in state.requires and state.id in open_without[mark]:
                yield _at(state), f"没有“{mark}”也能进入这一不利状态"
            if state.id in ADVERSE_STATES and mark not in state.requires:
                yield _at(state), f"属于不利状态，却没有要求“{mark}”"


def report(procedures: Mapping[str, Procedure], findings: Iterable[Finding]) -> str:
    """The one-page 流程体检: what each procedure consists of, then what is wrong with it."""
    found = list(findings)
    states = sum(len(procedure.states) for procedure in procedures.values())
    steps = sum(len(_own_steps(procedure)) for procedure in procedures.values())
    counted = f"{len(procedures)} 个程序，{states} 个状态，{steps} 个环节"
    lines = [f"流程体检：{counted}（通用的中止、恢复、调整期限不计）", ""]
    for procedure in procedures.values():
        lines += [*summary(procedure), ""]
    lines.append(f"结论：发现 {len(found)} 处问题" if found else "结论：全部通过")
    lines += (f"  {n}. {finding}" for n, finding in enumerate(found, 1))
    return "\n".join(lines)


def _own_steps(procedure: Procedure) -> list[Step]:
    return [step for step in procedure.steps if not step.clock]


def summary(procedure: Procedure) -> Iterator[str]:
    """What a procedure consists of, a line for each kind of thing."""
    own = _own_steps(procedure)
    finals = sum(state.final for state in procedure.states)
    exceptional = sum(step.exceptional for step in own)
    yield f"{procedure.title}（{procedure.clause}）"
    yield f"  状态 {len(procedure.states)}（终点 {finals}），环节 {len(own)}（例外 {exceptional}）"
    bases = Counter(BASIS_LABELS[step.due.basis] for step in own if step.due)
    yield f"  期限：{'，'.join(f'{label} {count}' for label, count in bases.items()) or '无'}"
    reasons: dict[str, list[str]] = {}
    for state in procedure.states:
        if state.no_deadline:
            reasons.setdefault(state.no_deadline, []).append(state.label)
    for reason, labels in reasons.items():
        yield f"  不设期限：{'、'.join(labels)}——{reason}"
    titles = dict.fromkeys(documents.BY_ID[e.kind].title for s in own for e in s.emits if e.kind in documents.BY_ID)
    yield f"  文书：{'、'.join(titles) or '无'}"
