"""The interface under /api/v1: its own application, so that no page's rule and no page's cookie reaches it."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as NoSuchPlace

from office.running.installation import Office
from web.api import cases, procedures
from web.api.shapes import Problem
from web.api.tokens import NotKnown, ReadOnly
from workflow.errors import CaseFileError, Conflict, DatabaseUnfit, NotFound, StepRefused

_KINDS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotKnown, 401, "unauthorized"), (ReadOnly, 403, "forbidden"), (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"), (StepRefused, 422, "refused"), (DatabaseUnfit, 503, "unfit"),
    (CaseFileError, 400, "bad_input"),
)  # fmt: skip
_ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words}
    for status, words in (
        (400, "填写有误"), (401, "没有令牌或令牌无效"), (403, "令牌不允许"), (404, "没有，或不在职责范围内"), (405, "方法不对"),
        (409, "案件刚刚被他人更新"), (413, "太大"), (422, "条件不足，或格式不对"), (503, "数据库暂不可用"),
    )
}  # fmt: skip


def create_api(office: Office) -> FastAPI:
    """The interface of one office."""
    api = FastAPI(
        title="非煤矿山综合整治提升工作平台接口", version="1", docs_url=None, redoc_url=None, responses=_ANSWERS,
        description="查询案件、期限和程序，代单位办理环节。权限与网页相同，令牌由“人员与权限”签发。",
    )  # fmt: skip
    api.state.office = office
    for module in (cases, procedures):
        api.include_router(module.router)
    api.add_exception_handler(CaseFileError, _refused)
    api.add_exception_handler(RequestValidationError, _malformed)
    api.add_exception_handler(NoSuchPlace, _elsewhere)
    return api


def _answer(status: int, problem: Problem) -> JSONResponse:
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(problem.model_dump(), status, headers)


def _refused(_request: Request, error: Exception) -> Response:
    status, kind = next((code, name) for found, code, name in _KINDS if isinstance(error, found))
    blockers = [
        {"missing": b.missing, "party": b.party, "clause": b.clause}
        for b in (error.blockers if isinstance(error, StepRefused) else ())
    ]
    return _answer(status, Problem(error=kind, message=str(error), blockers=blockers))


def _malformed(_request: Request, error: Any) -> Response:
    places = "；".join(f"{'.'.join(str(part) for part in e['loc'])}：{e['msg']}" for e in error.errors()[:10])
    # What was sent is repeated in the errors, and may hold what no text can hold.
    message = f"格式不对：{places}。".encode("utf-8", "replace").decode()
    return _answer(422, Problem(error="bad_input", message=message))


def _elsewhere(_request: Request, error: Any) -> Response:
    words = {404: "没有这个地址。", 405: "这个地址不能这样用。"}.get(error.status_code, "请求有误。")
    return _answer(error.status_code, Problem(error="not_found", message=words))
