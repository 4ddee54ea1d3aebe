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
        "BadParameter": f"“{given}”的值不对，应为{_expected(getattr(error, 'param', None))}",
    }  # fmt: skip
    detail = sentences.get(name) or _other(message)
    return f"{detail}，请加 --help 查看用法。"


def _named(param: Any) -> str:
    """An option as it is typed, an argument as the usage line shows it."""
    option = next((o for o in getattr(param, "opts", ()) if o.startswith("-")), "")
    return option or str(getattr(param, "name", "") or "").upper()


def _expected(param: Any) -> str:
    kind = getattr(param, "type", None)
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f" {low} 到 {high} 之间的整数"
    return {"integer": "整数", "path": "文件路径", "boolean": "是或否"}.get(getattr(kind, "name", ""), "另一种写法")


def _other(message: str) -> str:
    quoted = message.split("'")[1] if message.count("'") > 1 else ""
    if message.startswith("No such command"):
        return f"没有名为“{quoted[:40]}”的命令"
    if message.startswith("Got unexpected extra argument"):
        return f"多出了参数“{message.rpartition('(')[2].rstrip(').')[:40]}”"
    return "命令写法不对"
