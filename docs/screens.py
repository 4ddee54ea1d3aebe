"""Draws `docs/screens/*.png`: every page of the demonstration county as the person sees it whose page it is.

`python docs/screens.py` plays the county as of today first (a minute); `python docs/screens.py FOLDER` uses one that
`minecase demo` has made. The list of the pictures is `docs/screens/README.md`.
"""

import io
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from office.demo import play
from office.demo.accounts import open_accounts
from office.running.installation import Office
from office.running.settings import from_environment
from tests.browser.conftest import Site
from tests.browser.places import Place, places
from tests.parts import chromium
from web.app import create_app
from web.serving import bind
from workflow import clock
from workflow.beat import beat

FOLDER = Path(__file__).with_name("screens")
#: Pictures inside of the page have arrived; those of closed parts never do.
_DRAWN = "() => [...document.images].every(image => image.complete || !image.checkVisibility())"
#: Width and height of a desk's window and of a phone's; colours of a picture.
WIDE, PHONE, COLOURS = (1366, 768), (390, 844), 256


def county(home: Path) -> Office:
    office = Office(replace(from_environment(), home=home, database_url=f"sqlite:///{home}/minecase.db", smtp_url=""))
    if not (home / "minecase.db").exists():
        play(office, clock.today())
    open_accounts(office)
    with office.writing() as session:
        beat(session, clock.now())
    return office


@contextmanager
def on_the_air(office: Office) -> Iterator[str]:
    """The application answering at an address of its own."""
    taken = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(office), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


def draw(browser: Browser, office: Office, address: str, wanted: set[str]) -> list[tuple[Place, str]]:
    """Writes the pictures; answers each page with its title."""
    site = Site(office, browser, address)
    windows: dict[str, Page] = {}
    drawn = []
    for place in places(office):
        if wanted and place.name not in wanted:
            continue
        if place.account not in windows:
            windows[place.account] = site.page(place.account or None)
        page = windows[place.account]
        for suffix, (width, height) in {"": WIDE, **({"-phone": PHONE} if place.phone else {})}.items():
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(place.url)
            assert answer is not None
            assert answer.ok, (place, answer.status)
            page.wait_for_function(_DRAWN)
            _keep(page.screenshot(), f"{place.name}{suffix}.png")
        drawn.append((place, page.title().split(" · ")[0]))
    return drawn


def _keep(png: bytes, name: str) -> None:
    """As a small picture whose large areas and signals keep their exact colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:COLOURS] for part in colour])  # type: ignore[misc, union-attr]
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(FOLDER / name, optimize=True)


def contents(drawn: list[tuple[Place, str]]) -> str:
    """The list of the pictures."""
    lines = [
        "# 页面样张", "",
        "`python docs/screens.py` 用演示县重新生成：1366×768，常用的页面另有手机宽度（390）。数据是虚构的，一律标明演示数据。",
        "日期框、选文件按钮上的字由画图那台机器的浏览器决定，中文浏览器显示中文。", "",
        "| 页面 | 账号 | 图 |", "|---|---|---|",
    ]  # fmt: skip
    for place, title in drawn:
        phone = f"，[手机]({place.name}-phone.png)" if place.phone else ""
        lines.append(f"| {title} | {place.account or '未登录'} | [{place.name}]({place.name}.png){phone} |")
    return "\n".join(lines) + "\n"


def main(home: Path, wanted: set[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    office = county(home)
    with on_the_air(office) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--lang=zh-CN"], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        drawn = draw(browser, office, address, wanted)
        browser.close()
    office.close()
    if wanted:
        return
    named = {f"{place.name}{suffix}.png" for place, _ in drawn for suffix in ("", "-phone")}
    for old in FOLDER.glob("*.png"):
        if old.name not in named:
            old.unlink()
    (FOLDER / "README.md").write_text(contents(drawn), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), set(sys.argv[2:]))
    else:
        # Some pages show where things are kept: the same place in every set of pictures.
        made = Path(tempfile.gettempdir()) / "minecase"
        shutil.rmtree(made, ignore_errors=True)
        try:
            main(made, set())
        finally:
            shutil.rmtree(made, ignore_errors=True)
