"""The empty .docx that every document is written into: page, grid and styles in the figures of GB/T 9704-2012.

Windows font names stand here; what a machine has instead is for the machine that prints.
"""

from dataclasses import dataclass
from functools import cache

from notifications.documents.docx_package import pack

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RED = "FF0000"

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"

#: Twentieths of a point: 22 lines on 225 mm, one character of 28 on 156 mm, width of the text area.
LINE, CHARACTER, AREA = 579, 315, 8845


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. Sizes in half points, lengths in twentieths of a point."""

    id: str
    name: str
    font: str = FANG
    size: int = 32
    align: str = "both"
    #: Height of a line; `exact` is the grid of the standard, `atLeast` lets a large title grow.
    line: int = LINE
    before: int = 0
    indent: bool = False
    grid: bool = True
    outline: int | None = None
    keep_next: bool = False
    color: str = ""

    def xml(self) -> str:
        based = '<w:basedOn w:val="Normal"/>' if self.id != "Normal" else ""
        default = ' w:default="1"' if self.id == "Normal" else ""
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.id}"{default}><w:name w:val="{self.name}"/>{based}'
            f"<w:qFormat/><w:pPr>{self._paragraph()}</w:pPr><w:rPr>{self._run()}</w:rPr></w:style>"
        )

    def _paragraph(self) -> str:
        parts = ["<w:keepNext/>"] if self.keep_next else []
        parts.append('<w:widowControl w:val="0"/>')
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
            f'{fonts(self.font)}{color}<w:spacing w:val="-5"/><w:sz w:val="{self.size}"/><w:szCs w:val="{self.size}"/>'
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
    Style("Mark", "发文机关标志", TITLE, 44, "center", 700, grid=False, color=RED),
    Style("Organ", "文书机关", TITLE, 44, "center", 700, grid=False, keep_next=True),
    Style("Number", "发文字号", align="center", grid=False),
    Style("Addressee", "主送机关", align="left", before=LINE),
    Style("Signature", "落款", align="right"),
    Style("AnnexMark", "附件标识", HEI, align="left"),
    Style("Cell", "表格文字", size=24, align="left", line=380, grid=False),
    Style("ListCell", "名录文字", size=24, align="left", line=360, grid=False),
    Style("Imprint", "版记", size=28, align="left", line=LINE, grid=False),
    Style("PageNumber", "页码", SONG, 28, "left", 320, grid=False),
)


def _styles() -> str:
    defaults = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    strong = (
        f'<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr>{fonts(HEI)}</w:rPr></w:style>'
    )
    return f"<w:styles {NAMESPACES}>{defaults}{''.join(style.xml() for style in STYLES)}{strong}</w:styles>"


_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


@cache
def empty_docx() -> bytes:
    """A .docx without content: no theme, no thumbnail, nothing that a default template would bring along."""
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
        f'<Override PartName="/word/settings.xml" ContentType="{_OFFICE}.settings+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )
    grid = f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/>'
    settings = (
        f'<w:settings {NAMESPACES}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
        "<w:compat><w:ulTrailSpace/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )
    core = f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>'
    return pack({
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(
            (f"{_RELATION}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": core,
        "word/_rels/document.xml.rels": _relations(
            (f"{_RELATION}/styles", "styles.xml"), (f"{_RELATION}/settings", "settings.xml")
        ),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body><w:sectPr>{grid}</w:sectPr></w:body></w:document>",
        "word/settings.xml": settings,
        "word/styles.xml": _styles(),
    })  # fmt: skip
