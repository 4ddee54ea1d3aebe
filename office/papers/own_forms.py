"""A county's own Word forms beside the built-in templates: what is wrong with one, which were ever handed in."""

from typing import Any

from sqlmodel import Session, col, select

from states.documents import DocumentKind
from workflow.errors import BadInput, NotFound
from workflow.models import CountyForm, User
from workflow.views import StoredFile


def unfit(kind: DocumentKind, data: bytes) -> list[tuple[str, str]]:
    """Everything that keeps a file from being the form of a kind: the place and a sentence."""
    from notifications.documents.county import check_form

    return [(problem.place, problem.message) for problem in check_form(data, kind)]


def refuse_unfit(kind: DocumentKind, stored: StoredFile, data: bytes) -> None:
    """Raises BadInput that names every problem of a form at once."""
    problems = unfit(kind, data)
    if problems:
        listed = "；".join(f"{place}：{message.rstrip('。')}" for place, message in problems)
        raise BadInput(f"“{stored.filename}”不能用作《{kind.title}》的模板，有 {len(problems)} 处问题：{listed}。")


def forms_of(session: Session, kind: DocumentKind) -> list[dict[str, Any]]:
    """Every form that was ever in use for a kind, the newest first."""
    query = (
        select(CountyForm, User).join(User, col(CountyForm.added_by) == User.id, isouter=True)
        .where(CountyForm.kind == kind.id).order_by(col(CountyForm.id).desc())
    )  # fmt: skip
    return [
        {"id": form.id, "filename": form.filename, "sha256": form.sha256, "size": form.size, "active": form.active,
         "added_by": user.name if user else form.added_by, "added_on": form.added_on.isoformat()}
        for form, user in session.exec(query)
    ]  # fmt: skip


def form_of(session: Session, kind: DocumentKind, form_id: int) -> CountyForm:
    """A form that was handed in for a kind. Raises NotFound."""
    query = select(CountyForm).where(CountyForm.id == form_id, CountyForm.kind == kind.id)
    found = session.exec(query).first() if 0 < form_id < 2**31 else None
    if found is None:
        raise NotFound(f"《{kind.title}》没有登记过编号为 {form_id} 的自备模板：请刷新页面后重试。")
    return found
