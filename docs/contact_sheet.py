"""Draws `docs/documents/*.png`: every kind of document as it is issued, for fictional mines.

`python docs/contact_sheet.py` writes the sheets anew with the fonts of this machine; the list of what stands where
is `docs/documents/README.md`.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FOLDER = Path(__file__).with_name("documents")
#: Pages across and down on one sheet, and the size of one page in pixels.
ACROSS, DOWN, WIDTH, HEIGHT, MARGIN, CAPTION = 4, 3, 460, 650, 16, 30


def pages() -> Iterator[tuple[str, Image.Image]]:
    """Every page of every kind with its caption, in the order of the register of documents."""
    from notifications.documents.pdf import write_pdf
    from states.documents import KINDS
    from tests.notifications.documents.case_data import composed

    for kind in KINDS:
        with pdfplumber.open(io.BytesIO(write_pdf(composed(kind.id)))) as pdf:
            for n, page in enumerate(pdf.pages, 1):
                place = f"（{n}/{len(pdf.pages)}）" if len(pdf.pages) > 1 else ""
                yield f"{kind.code} {kind.title}{place}", page.to_image(resolution=72, antialias=True).original


def sheets() -> Iterator[tuple[list[str], Image.Image]]:
    """The pages on sheets, each with its captions."""
    found = list(pages())
    for start in range(0, len(found), ACROSS * DOWN):
        shown = found[start : start + ACROSS * DOWN]
        rows = -(-len(shown) // ACROSS)
        size = (ACROSS * (WIDTH + MARGIN) + MARGIN, rows * (HEIGHT + CAPTION + MARGIN) + MARGIN)
        sheet = Image.new("RGB", size, (225, 225, 225))
        for place, (caption, page) in enumerate(shown):
            left = MARGIN + place % ACROSS * (WIDTH + MARGIN)
            top = MARGIN + place // ACROSS * (HEIGHT + CAPTION + MARGIN)
            _lay(sheet, left, top, caption, page)
        yield [caption for caption, _ in shown], sheet


def _lay(sheet: Image.Image, left: int, top: int, caption: str, page: Image.Image) -> None:
    import noto_cjk_sans_otc

    font = ImageFont.truetype(str(Path(noto_cjk_sans_otc.__file__).with_name("NotoSansCJK-Regular.ttc")), 17, index=2)
    ImageDraw.Draw(sheet).text((left, top), caption, fill=(0, 0, 0), font=font)
    page = page.convert("RGB")
    page.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    sheet.paste(page, (left, top + CAPTION))


def contents(captions: list[list[str]]) -> str:
    """The list of what stands where."""
    lines = [
        "# 文书样张", "",
        "`python docs/contact_sheet.py` 用虚构的演示矿山重新生成；字体是当时那台机器上的，.docx 写的是 Windows 字体名称。", "",
    ]  # fmt: skip
    for n, shown in enumerate(captions, 1):
        lines += [
            f"## 第 {n} 张",
            "",
            f"![第 {n} 张样张](sheet-{n}.png)",
            "",
            *(f"- {caption}" for caption in shown),
            "",
        ]
    return "\n".join(lines)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("sheet-*.png"):
        old.unlink()
    captions = []
    for n, (shown, sheet) in enumerate(sheets(), 1):
        sheet.quantize(24).save(FOLDER / f"sheet-{n}.png", optimize=True)
        captions.append(shown)
    (FOLDER / "README.md").write_text(contents(captions), encoding="utf-8")


if __name__ == "__main__":
    main()
