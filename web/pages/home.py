"""工作台."""

from typing import Annotated

from fastapi import APIRouter, Response

from web.desk import ANYBODY, Desk

router = APIRouter()


@router.get("/")
def home(desk: Annotated[Desk, ANYBODY]) -> Response:
    return desk.page("home.html.j2")
