"""A county's own Word forms: which is in use for a kind of document. Whoever hands one in has it checked before."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from states.documents import BY_ID, DocumentKind
from workflow.entries import note
from workflow.errors import BadInput, NotFound
from workflow.issuing import form_for
from workflow.models import CountyForm
from workflow.views import Actor, StoredFile


def add_form(session: Session, kind: DocumentKind, stored: StoredFile, *, actor: Actor, on: date) -> CountyForm:
    """Puts a form into use in place of any earlier one, which stays on file. Does not commit."""
    _retire(session, kind)
    form = CountyForm(
        kind=kind.id, filename=stored.filename, sha256=stored.sha256, size=stored.size, added_by=actor.user, added_on=on
    )
    session.add(form)
    _note(session, "form", kind, stored.sha256, actor, on)
    session.flush()
    return form


def use_again(session: Session, form_id: int, *, actor: Actor, on: date) -> CountyForm:
    """Puts a form that was in use before into use again. Does not commit. Raises NotFound."""
    form = session.get(CountyForm, form_id)
    if form is None or form.kind not in BY_ID:
        raise NotFound(f"没有登记过编号为 {form_id} 的自备模板：请刷新页面后重试。")
    kind = BY_ID[form.kind]
    _retire(session, kind)
    form.active = True
    session.add(form)
    _note(session, "form", kind, form.sha256, actor, on)
    session.flush()
    return form


def remove_form(session: Session, kind: DocumentKind, *, actor: Actor, on: date) -> None:
    """Goes back to the built-in template. Does not commit. Raises BadInput where no form is in use."""
    form = form_for(session, kind.id)
    if form is None:
        raise BadInput(f"《{kind.title}》没有在用的自备模板。", hint="请用 minecase document template list 查看。")
    _retire(session, kind)
    _note(session, "form_removed", kind, form.sha256, actor, on)
    session.flush()


def forms_in_use(session: Session) -> list[dict[str, Any]]:
    """The forms in use, by kind."""
    query = select(CountyForm).where(col(CountyForm.active)).order_by(CountyForm.kind)
    return [
        {"kind": form.kind, "title": BY_ID[form.kind].title, "filename": form.filename, "sha256": form.sha256,
         "size": form.size, "added_by": form.added_by, "added_on": form.added_on.isoformat()}
        for form in session.exec(query)
    ]  # fmt: skip


def _retire(session: Session, kind: DocumentKind) -> None:
    for form in session.exec(select(CountyForm).where(CountyForm.kind == kind.id, col(CountyForm.active))):
        form.active = False
        session.add(form)


def _note(session: Session, trigger: str, kind: DocumentKind, sha256: str, actor: Actor, on: date) -> None:
    note(session, None, trigger, actor=actor, on=on, data={"kind": kind.id, "form": sha256})
