"""Figures of GB/T 9704-2012 for a .docx, and its styles.

Windows font names stand here; what a machine has instead is for the machine that prints.
"""

from dataclasses import dataclass
from functools import cache

_SCHEMAS = "http://schemas.openxmlformats.org"
NAMESPACES = (
    f'xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main" xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships" '
    f'xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_SCHEMAS}/drawingml/2006/main" '
    f'xmlns:mc="{_SCHEMAS}/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RED = "FF0000"

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"

#: Twentieths of a point: 22 lines on 225 mm, one character of 28 on 156 mm, width of the text area, upright and across.
LINE, CHARACTER, AREA, ACROSS = 579, 315, 8845, 12756


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * 1440 / 25.4)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. Sizes in half points, lengths in twentieths of a point."""

    id: str
    name: str
    font: str = FANG
    size: int = 32
    align: str = "both"
    #: Exact height of a line.
    line: int = LINE
    before: int = 0
    indent: bool = False
    grid: bool = True
    outline: int | None = None
    keep_next: bool = False
    color: str = ""
    #: Between characters; this much less fits 28 of them on a line.
    tracking: int = -5

    def xml(self) -> str:
        based = '<w:basedOn w:val="Normal"/>' if self.id != "Normal" else ""
        default = ' w:default="1"' if self.id == "Normal" else ""
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.id}"{default}><w:name w:val="{self.name}"/>{based}'
            f"<w:qFormat/><w:pPr>{self._paragraph()}</w:pPr><w:rPr>{self._run()}</w:rPr></w:style>"
        )

    def _paragraph(self) -> str:
        parts = ["<w:keepNext/>"] if self.keep_next else []
        parts.append(
            '<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        )
        if not self.grid:
            parts.append('<w:snapToGrid w:val="0"/>')
        parts.append(f'<w:spacing w:before="{self.before}" w:after="0" w:line="{self.line}" w:lineRule="exact"/>')
        if self.indent:
            parts.append(f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>')
        parts.append(f'<w:jc w:val="{self.align}"/>')
        if self.outline is not None:
            parts.append(f'<w:outlineLvl w:val="{self.outline}"/>')
        return "".join(parts)

    def _run(self) -> str:
        color = f'<w:color w:val="{self.color}"/>' if self.color else ""
        return (
            f'{fonts(self.font)}{color}<w:spacing w:val="{self.tracking}"/>'
            f'<w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>'
        )


def fonts(name: str) -> str:
    """One font for Chinese and Latin alike; the hint makes “” and … Chinese."""
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'


STYLES = (
    Style("Normal", "Normal"),
    Style("Body", "公文正文", indent=True),
    Style("Heading1", "heading 1", HEI, indent=True, outline=0, keep_next=True),
    Style("Heading2", "heading 2", KAI, indent=True, outline=1, keep_next=True),
    Style("Heading3", "heading 3", indent=True, outline=2, keep_next=True),
    Style("Heading4", "heading 4", indent=True, outline=3, keep_next=True),
    Style("Title", "Title", TITLE, 44, "center", 700, grid=False, keep_next=True),
    Style("Mark", "发文机关标志", TITLE, 44, "center", 700, grid=False, color=RED, tracking=0),
    Style("Organ", "文书机关", TITLE, 44, "center", 700, grid=False, keep_next=True),
    Style("Number", "发文字号", align="center", grid=False),
    Style("Addressee", "主送机关", align="left", before=LINE),
    Style("Signature", "落款", align="right"),
    Style("AnnexMark", "附件标识", HEI, align="left", keep_next=True),
    Style("Cell", "表格文字", size=24, align="left", line=380, grid=False),
    Style("ListCell", "名录文字", size=24, align="left", line=360, grid=False),
    Style("WideListCell", "宽名录文字", size=21, align="left", line=315, grid=False),
    Style("Imprint", "版记", size=28, align="left", grid=False, tracking=0),
    Style("PageNumber", "页码", SONG, 28, "left", 320, grid=False, tracking=0),
)
#: Faces inside a line: strong text, and the name of who signs a paper to the superior.
_FACES = (("Strong", "Strong", HEI), ("Signer", "签发人姓名", KAI))


@cache
def styles() -> str:
    defaults = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    faces = (
        f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{name}"/><w:rPr>{fonts(font)}</w:rPr></w:style>'
        for key, name, font in _FACES
    )
    return f"<w:styles {NAMESPACES}>{defaults}{''.join(style.xml() for style in STYLES)}{''.join(faces)}</w:styles>"
