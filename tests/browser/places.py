"""Every page of the demonstration county: one address for each route, seen by the person whose page it is."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlmodel import Session, col, select

from office.running.installation import Office
from tests.web.test_rights_matrix import application, walk
from web.app import create_app
from web.links import case_url, document_url, mine_url, slug, step_url
from workflow.models import Case, Document, Mine, Notice, SheetImport

#: Routes that answer no page of their own; each with the reason.
NOT_PAGES = {
    "/lists/check/result.xlsx": "a workbook", "/lists/check/result.docx": "a paper to take away",
    "/lists/check/result.pdf": "a paper to take away", "/cases/export.xlsx": "a workbook",
    "/lists/{name}/export.xlsx": "a workbook", "/statistics/{name}.xlsx": "a workbook",
    "/statistics/report/export.xlsx": "a workbook",
    "/opinions/export.xlsx": "a workbook", "/notices/export.xlsx": "a workbook", "/sheets/template.xlsx": "a workbook",
    "/sheets/survey.xlsx": "a workbook", "/sheets/weekly.xlsx": "a workbook", "/sheets/{id}/marked.xlsx": "a workbook",
    "/sheets/{id}/changes.xlsx": "a workbook",
    "/documents/files.zip": "papers to take away", "/cases/{slug}/bundle.zip": "a volume to take away",
    "/documents/{id:int}/draft{suffix}": "a draft to take away", "/documents/{id:int}/files/{n:int}": "a paper to take away",
    "/files/{sha256}": "material to take away", "/backup/{name}": "a backup to take away",
    "/templates/kinds/{name}/forms/{form_id:int}": "a template to take away",
    "/documents/{id:int}/page-{n:int}.svg": "a picture inside of a page",
    "/templates/kinds/{name}/example-{n:int}.svg": "a picture inside of a page",
    "/calendar/feed/{secret}.ics": "read by calendar programs", "/static/{name}": "style and script",
    "/favicon.ico": "there is none", "/healthz": "read by machines", "/readyz": "read by machines",
    "/metrics": "read by machines", "/sign-in/oidc": "leads to the identity provider",
    "/sign-in/oidc/callback": "the way back from there",
}  # fmt: skip


class Place(NamedTuple):
    """A page: what its picture is called, who looks, and where."""

    name: str
    account: str
    url: str
    #: Worth a picture at the width of a phone too.
    phone: bool = False


#: Pages whose address is known beforehand; an empty account is a visitor.
_FIXED = (
    Place("sign-in", "", "/sign-in", phone=True),
    Place("home", "office", "/", phone=True), Place("home-clerk", "natural_resources", "/"),
    Place("home-township", "township_demo_1", "/"), Place("home-leader", "leader", "/"), Place("home-head", "head", "/"),
    Place("home-sysadmin", "admin", "/"), Place("home-secadmin", "secadmin", "/"), Place("home-auditor", "auditor", "/"),
    Place("todo", "office", "/todo", phone=True), Place("todo-clerk", "natural_resources", "/todo"),
    Place("calendar", "office", "/calendar", phone=True), Place("calendar-feed", "office", "/calendar/feed"),
    Place("ledger", "office", "/cases", phone=True), Place("ledger-clerk", "natural_resources", "/cases"),
    Place("case-new", "office", "/cases/new"),
    Place("list-exit", "office", "/lists/exit", phone=True), Place("list-upgrade", "office", "/lists/upgrade"),
    Place("list-new", "office", "/lists/new"), Place("list-check", "office", "/lists/check", phone=True),
    Place("survey", "office", "/survey", phone=True), Place("survey-urge", "office", "/survey/urge"),
    Place("opinions", "office", "/opinions"), Place("sheets", "office", "/sheets", phone=True),
    Place("sheets-clerk", "natural_resources", "/sheets"),
    Place("supervision", "office", "/supervision"), Place("supervision-organ", "office", "/supervision/natural_resources"),
    Place("statistics", "office", "/statistics", phone=True), Place("statistics-pace", "office", "/statistics/pace"),
    Place("statistics-period", "office", "/statistics/period"),
    Place("statistics-report", "office", "/statistics/report?period=year", phone=True),
    Place("brief", "leader", "/statistics/brief"),
    Place("open-values", "office", "/open-values"),
    Place("documents", "office", "/documents", phone=True), Place("document-kinds", "natural_resources", "/documents/new"),
    Place("documents-identify", "office", "/documents/identify"),
    Place("notices", "office", "/notices", phone=True), Place("preview", "office", "/preview", phone=True),
    Place("procedures", "office", "/procedures"), Place("procedure", "office", "/procedures/closure", phone=True),
    Place("clauses", "office", "/clauses"), Place("check", "office", "/check"),
    Place("templates", "office", "/templates"), Place("template", "office", "/templates/kinds/closure_decision"),
    Place("mail-kinds", "office", "/templates/mails"),
    Place("number-series", "office", "/templates/series"), Place("number-register", "office", "/templates/numbers"),
    Place("plan-versions", "office", "/plan"), Place("plan-version", "office", "/plan/1"),
    Place("plan-amend", "office", "/plan/amend", phone=True),
    Place("workdays", "office", "/workdays"), Place("workdays-import", "office", "/workdays/import"),
    Place("ladders", "office", "/ladders"), Place("ladder", "office", "/ladders/standard"),
    Place("organs", "office", "/organs"), Place("organ-new", "office", "/organs/new"),
    Place("organ", "office", "/organs/natural_resources"),
    Place("people", "admin", "/people"), Place("people-office", "office", "/people"), Place("person-new", "admin", "/people/new"),
    Place("person", "admin", "/people/accounts/natural_resources"), Place("person-rights", "secadmin", "/people/accounts/head"),
    Place("people-policy", "secadmin", "/people/policy"), Place("people-tokens", "secadmin", "/people/tokens"),
    Place("mail", "admin", "/mail"), Place("mail-hooks", "admin", "/mail/hooks"),
    Place("audit", "auditor", "/audit"), Place("audit-activity", "auditor", "/audit/activity"),
    Place("backup", "admin", "/backup"), Place("interface", "office", "/interface"),
    Place("account", "office", "/account"), Place("delegation", "office", "/account/delegation"),
    Place("password", "office", "/account/password"), Place("totp", "admin", "/account/totp"),
)  # fmt: skip


def places(office: Office) -> list[Place]:
    """Every page there is to look at."""
    with office.reading() as session:
        return [*_FIXED, *_cases(session), *_papers(session), *_sheets(session)]


def _cases(session: Session) -> Iterator[Place]:
    """A case of each procedure, and everything that is done on one."""
    found = session.exec(select(Case.number, Case.procedure, Case.state).order_by(col(Case.id))).all()
    at = {(procedure, state): number for number, procedure, state in reversed(found)}
    for procedure, number in {procedure: number for number, procedure, _ in reversed(found)}.items():
        yield Place(f"case-{procedure.replace('_', '-')}", "office", case_url(number))
    decided, stopped = at["closure", "closure_decided"], at["closure", "production_stopped"]
    yield Place("case", "office", case_url(decided), phone=True)
    yield Place("case-blocked", "natural_resources", case_url(stopped))
    yield Place("case-fact", "office", f"{case_url(decided)}/facts/exit_year")
    yield Place("step", "county_government", step_url(at["closure", "closure_notified"], "decide_closure"), phone=True)
    closing = at["closure", "closing"]
    there = session.exec(select(Mine.township_id).join(Case).where(Case.number == closing)).one()
    yield Place("step-blocked", there, step_url(closing, "accept_closure"))
    yield Place("step-suspend", "office", step_url(decided, "suspend"))
    for act in ("urge", "supervise", "transfer", "copy", "correct", "return"):
        yield Place(act, "office", f"{case_url(decided)}/{act}")
    yield Place("withdraw", "natural_resources", f"{case_url(at['restoration', 'restoring'])}/withdraw")
    yield Place("urge-ticked", "office", f"/cases/selected?case={quote(decided)}&case={quote(stopped)}")
    fixed = at["new_right", "boundary_fixed"]
    yield Place("list-approval", "county_government", f"/lists/new/approve?case={quote(fixed)}")
    asked, subject = session.exec(
        select(Case.number, Case.subject)
        .where(Case.procedure == "referral", Case.state == "sent")
        .order_by(col(Case.id))
    ).first() or ("", "")
    account = subject.removeprefix("organ:")
    yield Place("opinions-waiting", account, "/opinions", phone=True)
    yield Place("opinion", account, f"/opinions/{slug(asked)}", phone=True)
    yield Place("opinion-summary", "natural_resources", f"/opinions?about={slug(asked.split('/')[0])}")
    code = session.exec(select(Mine.code).join(Case).where(Case.number == stopped)).one()
    yield Place("mine", "office", mine_url(code), phone=True)
    yield Place("list-check-mine", "office", f"/lists/check?mine={code}")
    surveyed = session.exec(
        select(Mine.code).join(Case).where(Case.procedure == "intake", Case.state == "surveying")
    ).first()
    yield Place("survey-mine", "natural_resources", f"/survey/{surveyed}", phone=True)
    yield Place("step-finish-survey", "natural_resources", step_url(at["intake", "surveying"], "finish_survey"))


def _sheets(session: Session) -> Iterator[Place]:
    """An upload taken in, one to look at, and one whose columns nobody has named."""
    done, waiting, own = session.exec(select(SheetImport.id).order_by(col(SheetImport.id))).all()
    yield Place("sheet-done", "office", f"/sheets/{done}")
    yield Place("sheet-preview", "office", f"/sheets/{waiting}", phone=True)
    yield Place("sheet-columns", "office", f"/sheets/{own}/columns")


def _papers(session: Session) -> Iterator[Place]:
    """Papers in every state of their life, and one notice."""
    for status in ("draft", "issued", "served"):
        found = session.exec(
            select(Document.id).where(Document.status == status).order_by(col(Document.id).desc())
        ).first()
        yield Place(f"document-{status}", "office", document_url(found or 0), phone=status == "draft")
    drafts = session.exec(select(Document.id).where(Document.status == "draft").order_by(col(Document.id).desc())).all()
    yield Place("documents-issue", "office", "/documents/issue?" + "&".join(f"id={one}" for one in drafts[:3]))
    case = session.exec(select(Case.number).where(Case.procedure == "closure", Case.state == "closure_decided")).first()
    yield Place(
        "document-new", "natural_resources", f"/documents/new?kind=service_receipt&case={quote(case or '', safe='')}"
    )
    newest = session.exec(select(Notice.id).order_by(col(Notice.id).desc())).first()
    yield Place("notice", "office", f"/notices/{newest}")


@cache
def _routes() -> tuple[Any, ...]:
    from office.running.settings import from_environment

    found = walk(application(create_app(Office(from_environment()))).routes)
    return tuple(route for route in found if "GET" in (getattr(route, "methods", None) or ()))


def all_get_paths() -> set[str]:
    return {route.path for route in _routes()}


def page_routes() -> set[str]:
    """Paths of the routes that answer a page."""
    return all_get_paths() - set(NOT_PAGES)


def route_of(url: str) -> str:
    """The route that answers an address: the first that fits, as in the application."""
    path = re.split(r"[?#]", url)[0]
    return next((route.path for route in _routes() if route.path_regex.match(path)), "")
