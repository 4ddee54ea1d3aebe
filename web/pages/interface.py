"""接口说明: the interface's own description as a page, without anything from elsewhere."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from office.access.people import ADMINISTRATORS
from web.api.app import create_api
from web.desk import Desk, allow

router = APIRouter()
MAY_READ = allow("office", "head", *ADMINISTRATORS)


@router.get("/interface")
def interface(desk: Annotated[Desk, MAY_READ], request: Request) -> Response:
    document = create_api(request.app.state.office).openapi()
    shapes = document["components"]["schemas"]
    calls = [
        _call(method, path, call, shapes)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    return desk.page("interface.html.j2", calls=calls, about=document["info"]["description"])


def _call(method: str, path: str, call: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    answer = call["responses"]["200"]["content"]["application/json"]["schema"]
    body = call.get("requestBody", {}).get("content", {})
    kind, content = next(iter(body.items())) if body else ("", {})
    return {
        "method": method.upper(), "path": f"/api/v1{path}", "about": call.get("description") or call["summary"],
        "asks": [
            {"name": p["name"], "where": {"path": "地址", "query": "查询"}.get(p["in"], p["in"]),
             "needed": p.get("required", False), "about": p.get("description", "")}
            for p in call.get("parameters", [])
        ],
        "body": kind, "fields": _fields(content.get("schema", {}), shapes),
        "answers": [_name(answer)], "shape": _fields(answer.get("items", answer), shapes),
    }  # fmt: skip


def _name(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"{_name(schema['items'])} 的列表"
    return str(schema.get("$ref", "").rsplit("/", 1)[-1] or schema.get("type", ""))


def _fields(schema: dict[str, Any], shapes: dict[str, Any]) -> list[dict[str, str]]:
    found = shapes.get(_name(schema), schema)
    return [
        {"name": name, "type": _type(values), "about": values.get("description", "")}
        for name, values in found.get("properties", {}).items()
    ]


def _type(values: dict[str, Any]) -> str:
    if "anyOf" in values:
        return " / ".join(_type(one) for one in values["anyOf"])
    if values.get("type") == "array":
        return f"{_type(values.get('items', {}))} 列表"
    return values.get("format") or _name(values) or "任意"
