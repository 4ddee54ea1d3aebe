"""Forms that are no form: refused with one sentence, never a hang, never half a file."""

import io
import zipfile

import pytest

from notifications.documents import county
from notifications.documents.county import render_form
from notifications.documents.errors import BadForm, DocumentError
from tests.notifications.documents.case_data import case_data
from tests.notifications.documents.county_form_data import changed, form, packed, parts, problems

RELS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAIN = "{{ mine.name }}"


def related(kind: str, target: str, mode: str = "") -> bytes:
    relation = f'<Relationship Id="x1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return changed(form(PLAIN), RELS, "</Relationships>", relation)


EXTERNAL = ' TargetMode="External"'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "这不是 Word 的 .docx 文件"),
        (b"%PDF-1.7", "这不是 Word 的 .docx 文件"),
        (b"PK\x03\x04 and nothing else", "文件已损坏"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "这是旧版 .doc 文件"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "文件设了打开密码"),
        (form(PLAIN)[:-200], "文件已损坏"),
        (bytes(5_000_001), "最大 5 MB"),
        (packed({"a.txt": b"x"}), "文件已损坏"),
        (packed({**parts(form(PLAIN)), "word/document.xml": b"<w:p>"}), "里面的 XML 读不出来"),
        (packed({**parts(form(PLAIN)), "../x": b""}), "文件结构异常"),
        (packed({**parts(form(PLAIN)), "WORD/document.xml": b""}), "文件结构异常"),
        (packed({**parts(form(PLAIN)), "word/vbaProject.bin": b"x"}), "带有宏或嵌入的对象"),
        (changed(form(PLAIN), "[Content_Types].xml", "/word/document.xml", "/word/other.xml"), "没有 Word 正文"),
        (related("vbaProject", "vbaProject.bin"), "宏“vbaProject.bin”：公文格式里不能带宏"),
        (related("oleObject", "embeddings/a.bin"), "嵌入的对象“embeddings/a.bin”：公文格式里不能带宏"),
        (related("aFChunk", "a.html"), "嵌入的其他格式文件“a.html”"),
        (
            related("attachedTemplate", "http://a.example/x.dotm", EXTERNAL),
            "远程模板“http://a.example/x.dotm”：指向文件以外",
        ),
        (related("image", "\\\\a.example\\x.png", EXTERNAL), "链接的图片“\\\\a.example\\x.png”：指向文件以外"),
        (related("hyperlink", "http://a.example", EXTERNAL), "超链接“http://a.example”：指向文件以外"),
    ],
)
def test_what_is_no_plain_form_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    assert sentence in problems(data)
    with pytest.raises(BadForm) as raised:
        render_form(data, case_data())
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("main", "sentence"),
    [
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "文件带有宏（.docm）"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            "这是 Word 模板文件（.dotx）",
        ),
    ],
)
def test_a_file_is_judged_by_what_it_is_not_by_its_name(main: str, sentence: str) -> None:
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert sentence in problems(changed(form(PLAIN), "[Content_Types].xml", plain, main))


def test_a_zip_bomb_is_not_opened() -> None:
    assert "文件展开后过大（61 MB" in problems(packed({**parts(form(PLAIN)), "word/media/a.png": bytes(60_000_000)}))
    many = {f"word/media/{n}.png": b"" for n in range(600)}
    assert "617 个部分" in problems(packed({**parts(form(PLAIN)), **many}))
    assert "正文过长" in problems(packed({**parts(form(PLAIN)), "word/document.xml": bytes(4_000_001)}))


def test_an_encrypted_entry_is_named_as_such() -> None:
    data = bytearray(form(PLAIN))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        first = package.infolist()[0]
    data[first.header_offset + 6] |= 1
    data[data.rindex(b"PK\x01\x02", 0, data.index(b"PK\x01\x02") + 4) + 8] |= 1
    assert "文件加了密" in problems(bytes(data))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "甲甲甲"><!ENTITY b "&a;&a;&a;">]><w:document'
    assert "文档类型声明（DOCTYPE）" in problems(changed(form(PLAIN), "word/document.xml", "<w:document", bomb))


ENDLESS = "{% for x in facts.opinions %}" * 3 + "甲" + "{% endfor %}" * 3 + PLAIN
#: So many rows make of three lists within another a loop that does not end.
ROWS = [{"organ": "演示水务局"}] * 3000
MEMORY = "{% set a = mine.name %}" + "{% set a = a ~ a ~ a ~ a %}" * 40 + "{{ a }}"
DEEP = "{% if " + "(" * 3000 + "mine.name" + ")" * 3000 + " %}甲{% endif %}"
NESTED = "{% if mine.name %}" * 150 + PLAIN + "{% endif %}" * 150
LOOPS = "{% for x in facts.opinions %}" * 40 + PLAIN + "{% endfor %}" * 40


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(county, "LIMITS", county.Limits(cpu=2, wall=20, memory=400 * 1024 * 1024))


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (MEMORY, "占用内存过多，已停止"),
        (DEEP, "嵌套太深"),
        (NESTED, "嵌套太深"),
        (LOOPS, "循环最多套 3 层"),
        ("{{ 'x' * 10**9 }}", "不能用“乘法”"),
        ("{% for i in range(10**9) %}{% endfor %}", "不能用“函数调用”"),
    ],
    ids=["memory", "deep", "nested", "loops", "product", "range"],
)
def test_a_form_that_never_ends_or_takes_all_is_stopped(text: str, sentence: str) -> None:
    data = form(text)
    assert sentence in problems(data)
    with pytest.raises(BadForm) as raised:
        render_form(data, case_data())
    assert sentence in str(raised.value)


@pytest.mark.usefixtures("little")
def test_work_without_end_is_stopped() -> None:
    assert problems(form(ENDLESS)) == ""
    with pytest.raises(BadForm, match="用时过长或占用内存过多，已停止：请减少格式里的循环和嵌套后再试"):
        render_form(form(ENDLESS), case_data(facts__opinions=ROWS))


def test_a_child_that_hangs_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(county, "LIMITS", county.Limits(cpu=60, wall=1, memory=1 << 32))
    with pytest.raises(BadForm, match="处理格式超过 1 秒，已停止"):
        render_form(form(ENDLESS), case_data(facts__opinions=ROWS))


@pytest.mark.usefixtures("little")
def test_many_unclosed_braces_do_not_hang_the_check() -> None:
    assert "已停止" in problems(form("{{ " * 300_000))


def test_the_child_gets_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    real = county.subprocess.run

    def run(*args: object, **kwargs: object) -> object:
        seen.append(kwargs["env"])  # type: ignore[arg-type]
        return real(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setenv("MINECASE_DATABASE", "postgresql://演示")
    monkeypatch.setattr(county.subprocess, "run", run)
    assert problems(form(PLAIN)) == ""
    assert seen[0].keys() <= {"SYSTEMROOT"}


def test_an_answer_of_the_child_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(county, "_CHILD", "notifications.documents.there_is_none")
    with pytest.raises(DocumentError, match="处理格式时出错，已停止"):
        render_form(form(PLAIN), case_data())
