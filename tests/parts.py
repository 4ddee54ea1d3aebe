"""Programs beside Python that tests measure with, found or installed, never skipped."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import noto_cjk_sans_otc
import pytest

_PACKAGE = "libreoffice-writer-nogui"
_MISSING = f"缺少 LibreOffice，不能核对 .docx 的版式：请以管理员身份运行 apt-get install {_PACKAGE} 后再测。"
_BROWSER, _CHINESE = "chromium", "fonts-noto-cjk"
_NO_BROWSER = f"缺少浏览器，不能核对网页：请以管理员身份运行 apt-get install {_BROWSER} {_CHINESE} 后再测。"
_FAILED = "LibreOffice 没有把 .docx 转成 PDF：{}"
#: Fonts that the files name; one font with every character stands for all of them, on every machine the same.
_NAMES = ("仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体")


def soffice() -> str:
    """The path of LibreOffice. Where it is missing it is installed, if that is allowed; otherwise the test fails."""
    return _found("soffice", "libreoffice") or _installed(("soffice",), _PACKAGE) or pytest.fail(_MISSING)


def chromium() -> str:
    """The path of a browser, found or installed like LibreOffice, with a font that has Chinese characters."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return _found(*names) or _installed(names, _BROWSER, _CHINESE) or pytest.fail(_NO_BROWSER)


def _found(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _installed(names: tuple[str, ...], *packages: str) -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    # Tests run side by side; the one that comes second finds the work done.
    with (Path(tempfile.gettempdir()) / "minecase-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _found(*names):
            install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for command in (install, ["apt-get", "update", "-qq"], install):
                done = subprocess.run(command, capture_output=True, timeout=900, check=False, env=environment)
                if command is install and done.returncode == 0:
                    break
    return _found(*names)


def to_pdf(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Many .docx files by name as PDF, in one go: LibreOffice takes longer to start than to convert."""
    made = folder / "pdf"
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = [
        soffice(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
        "--outdir", str(made), *(str(folder / f"{name}.docx") for name in files),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(folder), "FONTCONFIG_FILE": str(_font_settings(folder))}
    done = subprocess.run(command, capture_output=True, timeout=300, check=False, env=environment)
    missing = [name for name in files if not (made / f"{name}.pdf").is_file()]
    if missing:
        pytest.fail(_FAILED.format(f"{'、'.join(missing)}；{done.stderr.decode(errors='replace')[-500:]}"))
    return {name: (made / f"{name}.pdf").read_bytes() for name in files}


def _font_settings(folder: Path) -> Path:
    """Settings by which LibreOffice sees one font and no other."""
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        '<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit></match>'
        for name in _NAMES
    )
    settings = folder / "fonts.conf"
    settings.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{Path(noto_cjk_sans_otc.__file__).parent}</dir><cachedir>{folder / 'fonts'}</cachedir>{aliases}"
        "</fontconfig>",
        encoding="utf-8",
    )
    return settings
