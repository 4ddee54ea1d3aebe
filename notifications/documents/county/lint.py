"""What a form says in Jinja: only fields, a few filters, and if, for, set."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError

from notifications.documents.county.fields import GROUPS, SINGLE, wrong
from notifications.documents.county.package import FormProblem
from notifications.documents.county.text import shown

_MAX_LOOPS = 3
TOO_DEEP = "括号、判断或循环嵌套太深：请拆成几段来写。"

_ALLOWED = (
    nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.Assign, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat, nodes.Tuple, nodes.List, nodes.Filter, nodes.For,
)  # fmt: skip
_CALLED = {
    nodes.Include: "include 引入", nodes.Import: "import 引入", nodes.FromImport: "import 引入",
    nodes.Extends: "extends 继承", nodes.Block: "block 块", nodes.Macro: "macro 宏", nodes.CallBlock: "call 调用",
    nodes.Call: "函数调用", nodes.Test: "is 判断", nodes.With: "with 块", nodes.FilterBlock: "filter 块",
    nodes.AssignBlock: "成块的 set", nodes.Mul: "乘法", nodes.Pow: "乘方", nodes.Scope: "autoescape 块",
}  # fmt: skip
_SYNTAX = (
    (r"unknown tag '(.*?)'", "不认识“{}”这个语句，只能用 if、for、set"),
    (r"unexpected char '(.*?)'", "有不该出现的字符“{}”（占位符里要用半角符号）"),
    (r"[Uu]nexpected end of template", "有 if 或 for 没有写结束语句（endif、endfor）"),
    (r"got '(.*?)'", "“{}”处写法不对"),
    (r"unexpected '(.*?)'", "“{}”处写法不对"),
)


def jinja_problems(
    environment: Environment, source: str, place: str, filters: frozenset[str]
) -> tuple[list[FormProblem], frozenset[str]]:
    """What is wrong with the Jinja of one part, and the names that it reads."""
    # A tag that stands for a whole row begins its own line, so that it is not shown with the row before it.
    source = re.sub(r"(?<=>)(?=\{%)", "\n", source)
    lines = source.split("\n")
    try:
        tree = environment.parse(source)
        names = frozenset(name.name for name in tree.find_all(nodes.Name) if name.ctx == "load")
        return list(dict.fromkeys(_Walk(tree, lines, place, filters).problems())), names
    except TemplateSyntaxError as error:
        return [FormProblem(_near(lines, error.lineno, place), _syntax(error))], frozenset()
    except RecursionError:
        return [FormProblem(place, TOO_DEEP)], frozenset()


def _near(lines: list[str], lineno: int | None, place: str) -> str:
    line = lines[lineno - 1] if lineno and lineno <= len(lines) else ""
    return shown(place, re.sub(r"<[^>]*>", "", line))


def _syntax(error: TemplateSyntaxError) -> str:
    for pattern, sentence in _SYNTAX:
        if found := re.search(pattern, error.message or ""):
            return f"占位符的语法不对：{sentence.format(*(group[:30] for group in found.groups()))}。"
    return "占位符的语法不对：请对照字段清单检查花括号、引号和语句。"


class _Walk:
    """One pass over the tree of a part."""

    def __init__(self, tree: nodes.Template, lines: list[str], place: str, filters: frozenset[str]) -> None:
        self._tree = tree
        self._lines = lines
        self._place = place
        self._filters = filters
        self._own = frozenset(name.name for name in tree.find_all(nodes.Name) if name.ctx == "store")

    def problems(self) -> Iterator[FormProblem]:
        for child in self._tree.iter_child_nodes():
            yield from self._visit(child, 0)

    def _visit(self, node: nodes.Node, loops: int) -> Iterator[FormProblem]:
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            sentence = self._field(node)
        elif not isinstance(node, _ALLOWED):
            name = _CALLED.get(type(node), "计算" if isinstance(node, nodes.Expr) else "这种语句")
            sentence = f"不能用“{name}”：格式里只能写字段、过滤器和 if、for、set。"
        else:
            loops += isinstance(node, nodes.For)
            sentence = f"循环最多套 {_MAX_LOOPS} 层：请拆开来写。" if loops > _MAX_LOOPS else self._construct(node)
            for child in node.iter_child_nodes() if loops <= _MAX_LOOPS else ():
                yield from self._visit(child, loops)
        if sentence:
            yield FormProblem(_near(self._lines, node.lineno, self._place), sentence)

    def _construct(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Filter):
            return self._filter(node)
        if isinstance(node, nodes.For) and node.recursive:
            return "不能用递归循环（recursive）：请写普通的 for。"
        if isinstance(node, nodes.Operand) and node.op not in ("eq", "ne", "in", "notin"):
            return "不能比较大小：只能用 ==、!=、in 来判断。"
        return ""

    def _filter(self, node: nodes.Filter) -> str:
        if node.name not in self._filters:
            nearest = get_close_matches(node.name, sorted(self._filters), n=1)
            hint = f"是不是“{nearest[0]}”？" if nearest else f"可用的有 {'、'.join(sorted(self._filters))}。"
            return f"没有“{node.name[:30]}”这个过滤器：{hint}"
        if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return f"过滤器“{node.name}”后面不带括号：请删去括号。"
        if isinstance(node.node, nodes.Filter) and node.node.name == "lines":
            return "过滤器“lines”要写在最后。"
        return ""

    def _field(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Name) and node.ctx == "store":
            taken = node.name in GROUPS or node.name in SINGLE or node.name == "loop"
            return f"不能给“{node.name}”另外赋值：请换一个名称。" if taken else ""
        path = _path(node)
        return wrong(path, self._own) if path else "只能直接写出字段名，如 mine.name。"


def _path(node: nodes.Node) -> list[str]:
    """`facts.opinions[0].organ` as its names; nothing where a name is not written out."""
    names: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            names.append(node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            names.append(str(node.arg.value))
        else:
            return []
        node = node.node
    return [node.name, *reversed(names)]
