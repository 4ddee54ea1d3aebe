"""Text that has broken programs, each by its name."""

#: Name -> text: what a clerk may paste, what a broken program may send, what an attacker tries.
HOSTILE: dict[str, str] = {
    "NUL": "甲\x00乙", "换行": "甲\r\nX-甲: 乙", "双向控制": "\u202e甲\u2066乙\u2069", "零宽": "甲\u200b\ufeff\u200d乙",
    "全角": "\uff12\uff10\uff12\uff16\uff0d\uff11\uff11\uff0d\uff12\uff13",
    "全角字母": "\uff43\uff4c\uff4f\uff53\uff55\uff52\uff45", "半个字": "\ud800", "四字节": "𠮷𪚥🪨", "组合符": "e\u0301" * 200,
    "百万字": "矿" * 10**6, "百万字母": "a" * 10**6, "四百位数": "9" * 400, "负数": "-1", "超大数": "9223372036854775808",
    "小数": "1e309", "非数": "NaN", "注入": "' OR 1=1 --", "模板": "{{7*7}}${7*7}", "标记": "<script>alert(1)</script>",
    "路径": "../../etc/passwd", "空": "", "空白": " \t\u3000 ", "百分号": "%00%2e%2e%2f%ff", "公式": "=cmd|' /C calc'!A0",
    "坏日期": "2025-02-30", "远日期": "9999-12-31", "早日期": "0001-01-01", "深嵌套": "[" * 5000,
}  # fmt: skip
#: An address longer than this is refused by every server before it is read.
_ADDRESS = 60_000


def sendable(text: str) -> str:
    """As it can stand in an address: half a character cannot be sent, nor an endless address."""
    return text.encode("utf-8", "replace").decode()[:_ADDRESS]
