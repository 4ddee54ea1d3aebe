"""A text box at a fixed place of the page, in the forms of today's and of older word processors."""

from dataclasses import dataclass
from html import escape

_EMU, _POINTS = 36_000, 72 / 25.4

#: Beside the text area: in a header LibreOffice may lose a distance from the edge of the paper.
_TOUCHING = (
    '<wp:positionH relativeFrom="leftMargin"><wp:align>right</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionV>'
)


def _at(left: int, top: int) -> str:
    return (
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
    )


@dataclass(frozen=True, slots=True)
class Box:
    """Place and size in mm, from the upper left corner of the paper."""

    name: str
    left: float
    top: float
    width: float
    height: float
    #: Its lines run downwards, turned clockwise, and it touches the text area from the left.
    turned: bool = False

    def run(self, paragraphs: str) -> str:
        """The run that holds the box; its text stands at the bottom."""
        content = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
        return (
            f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{self._drawing(content)}</mc:Choice>'
            f"<mc:Fallback>{self._picture(content)}</mc:Fallback></mc:AlternateContent></w:r>"
        )

    def _drawing(self, content: str) -> str:
        left, top, width, height = (round(side * _EMU) for side in self._sides())
        size = f'cx="{width}" cy="{height}"'
        return (
            '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" '
            'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            f"{_TOUCHING if self.turned else _at(left, top)}"
            f'<wp:extent {size}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
            f'<wp:docPr id="1" name="{escape(self.name)}"/><wp:cNvGraphicFramePr/><a:graphic>'
            '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
            f'<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
            f'<wps:txbx>{content}</wps:txbx><wps:bodyPr rot="0" vert="{"vert" if self.turned else "horz"}" '
            'wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>'
            "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        )

    def _picture(self, content: str) -> str:
        left, top, width, height = (f"{side * _POINTS:.2f}pt" for side in self._sides())
        flow = ' style="layout-flow:vertical"' if self.turned else ""
        return (
            f'<w:pict><v:rect style="position:absolute;margin-left:{left};margin-top:{top};width:{width};'
            f"height:{height};mso-position-horizontal-relative:page;mso-position-vertical-relative:page;"
            f'v-text-anchor:bottom" filled="f" stroked="f"><v:textbox{flow} inset="0,0,0,0">{content}</v:textbox>'
            "</v:rect></w:pict>"
        )

    def _sides(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.width, self.height
