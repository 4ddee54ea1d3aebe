"""The parser's own errors, each as one Chinese sentence."""

from typing import Any


def wrong_usage(error: Exception) -> str:
    """What is wrong with a command as it was typed; empty for any other error."""
    if not hasattr(error, "format_message"):
        return ""
    name, message = type(error).__name__, str(error.format_message())
    given = str(getattr(error, "option_name", "") or _named(getattr(error, "param", None)))
    sentences = {
        "NoSuchOption": f"没有选项“{given}”", "MissingParameter": f"缺少“{given}”", "NoArgsIsHelpError": "请给出命令",
        "BadOptionUsage": f"选项“{given}”{'不带值' if 'does not take' in message else '后面缺少值'}",
        "BadParameter": f"“{given}”的值不对，应为{_expected(error)}",
    }  # fmt: skip
    detail = sentences.get(name) or _other(message)
    return f"{detail}，请加 --help 查看用法。"


def _named(param: Any) -> str:
    """An option as it is typed, an argument as the usage line shows it."""
    option = next((o for o in getattr(param, "opts", ()) if o.startswith("-")), "")
    return option or str(getattr(param, "name", "") or "").upper()


def _expected(error: Exception) -> str:
    """What the parser's own check wanted, from the first problem that it found."""
    cause = error.__cause__
    problem = cause.errors()[0] if cause and hasattr(cause, "errors") else {}
    kind, limits = str(problem.get("type", "")), problem.get("ctx", {})
    if "ge" in limits or "le" in limits:
        return f"不小于 {limits['ge']} 的整数" if "ge" in limits else f"不大于 {limits['le']} 的整数"
    return "整数" if kind.startswith("int") else "文件路径" if kind.startswith("path") else "另一种写法"


def _other(message: str) -> str:
    quoted = message.split("'")[1] if message.count("'") > 1 else ""
    if message.startswith("No such command"):
        return f"没有名为“{quoted[:40]}”的命令"
    if message.startswith("Got unexpected extra argument"):
        return f"多出了参数“{message.rpartition('(')[2].rstrip(').')[:40]}”"
    return "命令写法不对"
