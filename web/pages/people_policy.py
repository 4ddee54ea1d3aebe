"""登录规则: what the office demands of passwords and sessions; the 安全管理员 changes it."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Response

from office.access.accounts import note
from office.access.activity import lock
from office.access.sign_in_policy import DEMANDS, policy_of, read_policy, set_policy
from web.desk import ADMINISTERS, Desk, allow

router = APIRouter()


@router.get("/people/policy")
def policy(desk: Annotated[Desk, ADMINISTERS]) -> Response:
    found = policy_of(desk.session)
    typed = {name: str(value) for name, value in asdict(found).items()}
    return _page(desk, typed, {}, codes=found.codes_for_administrators)


@router.post("/people/policy")
def change(desk: Annotated[Desk, allow("secadmin")]) -> Response:
    typed = {demand.name: desk.form.text(demand.name) for demand in DEMANDS}
    codes = desk.form.ticked("codes_for_administrators")
    before = policy_of(desk.session)
    after, problems = read_policy(before, typed, codes=codes)
    if problems:
        return _page(desk, typed, problems, codes=codes, status=422)
    changed = [name for name, value in asdict(after).items() if asdict(before)[name] != value]
    with desk.writing() as session:
        lock(session)
        for name in changed:
            note(
                session,
                desk.person,
                desk.now,
                "修改登录规则",
                f"{name}：{asdict(before)[name]} → {asdict(after)[name]}",
            )
        set_policy(session, after)
    return desk.go("/people/policy", f"登录规则已保存，改动 {len(changed)} 项，立即生效。")


def _page(desk: Desk, typed: dict[str, str], problems: dict[str, str], *, codes: bool, status: int = 200) -> Response:
    return desk.page(
        "people_policy.html.j2", status=status, demands=DEMANDS, typed=typed, problems=problems, codes=codes,
        may_change=desk.person.role == "secadmin",
    )  # fmt: skip
