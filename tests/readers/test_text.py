"""Texts: every format with its pages, slides, chapters, headings and times, in any encoding."""

import hashlib
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.readers import made
from xmr_core.errors import (
    BlankMedia,
    DamagedMedia,
    OversizedMedia,
    ProtectedMedia,
    UnsupportedMedia,
)
from xmr_core.media import Modality, Text
from xmr_core.readers import Limits, detect, read

SECTIONS = {
    "a.md": {"Birds": made.WORDS, "Trees": "oak and elm"},
    "a.html": {"Birds": made.WORDS, "Trees": "oak & elm"},
    "a.srt": {"0:05": made.WORDS, "1:02:03": "hoot"},
    "a.vtt": {"0:05": made.WORDS, "0:12": "hoot"},
    "a.pdf": {"page 1": made.WORDS, "page 2": "the second page"},
    "a.docx": {"Birds": made.WORDS, "Trees": "oak and elm"},
    "a.pptx": {"slide 1": made.WORDS, "slide 2": "oak and elm"},
    "a.epub": {"Birds": made.WORDS, "Trees": "oak and elm"},
}


def words(path: Path, limits: Limits | None = None) -> Text:
    media = read(path, limits) if limits else read(path)
    assert isinstance(media, Text)
    return media


@pytest.mark.parametrize("name", made.TEXTS)
def test_every_format_gives_its_words(name: str, tmp_path: Path) -> None:
    path = made.made(name, tmp_path)
    assert detect(path) is Modality.TEXT
    text = words(path)
    assert made.WORDS in text.text
    assert text.facts["characters"] == len(text.text)


@pytest.mark.parametrize("name", SECTIONS)
def test_sections_carry_the_names_people_use(name: str, tmp_path: Path) -> None:
    text = words(made.made(name, tmp_path))
    assert [section.label for section in text.sections] == list(SECTIONS[name])
    for section in text.sections:
        assert SECTIONS[name][section.label] in text.text[section.start : section.end]
    starts = [section.start for section in text.sections]
    assert starts == sorted(starts)


@pytest.mark.parametrize(("name", "pages"), [("a.pdf", 2.0), ("a.pptx", 2.0)])
def test_pages_and_slides_are_counted(name: str, pages: float, tmp_path: Path) -> None:
    assert words(made.made(name, tmp_path)).facts["pages"] == pages


def test_tables_and_notes_are_words_too(tmp_path: Path) -> None:
    assert "wing\tspan" in words(made.made("a.docx", tmp_path)).text
    assert "say it slowly" in words(made.made("a.pptx", tmp_path)).text


def test_scripts_styles_and_tags_are_no_words(tmp_path: Path) -> None:
    text = words(made.made("a.html", tmp_path)).text
    assert "nothing()" not in text and "{" not in text and "<" not in text
    assert "<i>" not in words(made.made("a.srt", tmp_path)).text


ENCODINGS = {
    "utf-8-sig": "Ein Käuzchen in der Eiche",
    "utf-16": "Ein Käuzchen in der Eiche, 梟",
    "utf-32": "Ein Käuzchen in der Eiche, 🦉",
    "latin-1": "Ein Käuzchen saß in der großen Eiche; über ihr hängen Äste, und es hört Mäuse.",
    "shift_jis": "梟は樫の木にいます。夜になると鳴きます。森は静かで、月が明るいです。",
    "gb18030": "猫头鹰在橡树上。夜里它会叫。森林很安静，月亮很亮。",
    "cp1251": "Сова сидит на дубе. Ночью она кричит, и лес молчит под яркой луной.",
    "euc_kr": "올빼미가 참나무에 있습니다. 밤이 되면 웁니다. 숲은 조용하고 달은 밝습니다.",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_texts_in_odd_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(ENCODINGS[encoding].encode(encoding))
    assert words(path).text == ENCODINGS[encoding]


@pytest.mark.parametrize("text", ["café", "naïve\n", "Größe: 3", "“quoted” – Straße"])
def test_a_few_western_words_are_read_as_such(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    assert words(tmp_path / "a.txt").text == text.strip()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_recognised(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((made.WORDS + "\n").encode(encoding) * 20)
    assert made.WORDS in words(path).text and "\0" not in words(path).text


def test_every_kind_of_line_end_is_one_line_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\rthree\nfour")
    assert words(tmp_path / "a.txt").text == "one\ntwo\nthree\nfour"


def test_a_hundred_megabytes_of_text_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.write(b"an owl in the oak\n" * 1000)
        file.truncate(100_000_000)
    path_small = made.made("a.txt", tmp_path)
    read(path_small)
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(OversizedMedia, match=r"huge\.txt has 100 MB") as caught:
        read(path)
    seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 0.5 and peak < 5e6
    assert "Split it" in caught.value.hint


def test_more_characters_than_the_limit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("owl " * 10)
    with pytest.raises(OversizedMedia, match="characters"):
        read(tmp_path / "a.txt", Limits(characters=30))


def test_whitespace_alone_is_blank(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n\t \n")
    with pytest.raises(BlankMedia, match=r"a\.txt holds no words"):
        read(tmp_path / "a.txt")


def test_a_pdf_of_pictures_is_blank_and_says_what_to_do(tmp_path: Path) -> None:
    made.picture().save(tmp_path / "scan.pdf", "PDF")
    with pytest.raises(BlankMedia, match="recognition"):
        read(tmp_path / "scan.pdf")


# Locked


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _locked_pdf(password: bytes) -> bytes:
    """PDF 1.7, standard security handler, revision 2 (algorithms 2 to 4)."""
    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded, identity = (password + padding)[:32], bytes(16)
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + struct.pack("<i", -4) + identity).digest()[:5]
    user = _rc4(key, padding)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
        % (owner.hex().encode(), user.hex().encode()),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R "
        b"/ID [<%s><%s>] >>\nstartxref\n%d\n%%%%EOF\n"
        % (table, identity.hex().encode(), identity.hex().encode(), len(out))
    )


def test_a_pdf_behind_a_password_is_protected(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_locked_pdf(b"secret"))
    with pytest.raises(ProtectedMedia, match=r"a\.pdf is locked with a password") as caught:
        read(tmp_path / "a.pdf")
    assert caught.value.hint
    (tmp_path / "b.pdf").write_bytes(_locked_pdf(b""))  # the same without a password opens
    with pytest.raises(BlankMedia):
        read(tmp_path / "b.pdf")


def test_an_office_document_behind_a_password_is_protected(tmp_path: Path) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024)
    (tmp_path / "a.docx").write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    with pytest.raises(ProtectedMedia, match=r"a\.docx is locked"):
        read(tmp_path / "a.docx")
    (tmp_path / "b.doc").write_bytes(head + "WordDocument".encode("utf-16-le") + bytes(512))
    with pytest.raises(UnsupportedMedia, match="before 2007"):
        read(tmp_path / "b.doc")


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.epub", "a.3mf"])
def test_a_zip_container_behind_a_password_is_protected(name: str, tmp_path: Path) -> None:
    data = bytearray(made.content(name))
    with zipfile.ZipFile(made.made(name, tmp_path)) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
    for offset in offsets:
        data[offset + 6] |= 1
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ProtectedMedia, match="password"):
        read(tmp_path / name)


def test_a_book_with_locked_chapters_is_protected(tmp_path: Path) -> None:
    path = made.made("a.epub", tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chapter = next(name for name in members if name.endswith("part 0.xhtml"))
    members["META-INF/encryption.xml"] = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>'
        f'<enc:CipherReference URI="{chapter.replace(" ", "%20")}"/>'
        "</enc:CipherData></enc:EncryptedData></encryption>"
    ).encode()
    path.write_bytes(made.zipped(members))
    with pytest.raises(ProtectedMedia, match="DRM"):
        read(path)


# Bombs


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A docx of about a megabyte that unpacks to 700."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.docx"
    path.write_bytes(made.content("a.docx"))
    block = bytes(1 << 20)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/media/nothing.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(700):
            member.write(block)
    return path


def test_a_zip_bomb_is_refused_by_its_list_of_members(bomb: Path) -> None:
    assert bomb.stat().st_size < 10e6
    begun = time.perf_counter()
    with pytest.raises(OversizedMedia, match=r"bomb\.docx unpacks to 73\d MB") as caught:
        read(bomb)
    assert time.perf_counter() - begun < 0.5
    assert caught.value.hint


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked(bomb: Path, tmp_path: Path) -> None:
    data = bytearray(bomb.read_bytes())
    with zipfile.ZipFile(bomb) as archive:
        info = archive.getinfo("word/media/nothing.xml")
    at = data.rfind(b"word/media/nothing.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    assert struct.unpack_from("<I", data, at + 24)[0] == info.file_size
    struct.pack_into("<I", data, at + 24, 1000)
    (tmp_path / "a.docx").write_bytes(data)
    tracemalloc.start()
    with pytest.raises(DamagedMedia):
        read(tmp_path / "a.docx")
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


def packed_pdf(*streams: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one page with these streams for its content."""
    places = b" ".join(b"%d 0 R" % (4 + n) for n in range(len(streams)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[%s]>>" % places,
    ]
    objects += [
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(one), filters, one)
        for one in streams
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Size 9/Root 1 0 R>>\n%%EOF"


def nothing(megabytes: int) -> bytes:
    """So many bytes of nothing, compressed."""
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)]) + packer.flush()


@pytest.mark.parametrize(
    ("streams", "filters"),
    [
        ((nothing(100),), b"/FlateDecode"),
        ((zlib.compress(nothing(100), 9),), b"/FlateDecode/FlateDecode"),  # 300 bytes
        ((nothing(30), nothing(30), nothing(30)), b"/FlateDecode"),
        ((nothing(100),), b"/Fl"),
    ],
)
def test_a_pdf_bomb_is_refused_before_it_is_unpacked(
    streams: tuple[bytes, ...], filters: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(packed_pdf(*streams, filters=filters))
    tracemalloc.start()
    with pytest.raises(OversizedMedia, match=r"bomb\.pdf unpacks to more than 67 MB"):
        read(path, Limits(unpacked_bytes=64 << 20))
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_a_pdf_whose_streams_are_ordinary_is_no_bomb(tmp_path: Path) -> None:
    words = b"BT (red) Tj ET " * 50 + bytes(random.Random(0).randbytes(20_000))
    path = tmp_path / "plain.pdf"
    path.write_bytes(packed_pdf(*[zlib.compress(words)] * 6))
    with pytest.raises(BlankMedia):  # it has no font
        read(path, Limits(unpacked_bytes=len(words) + 1))


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "%s"><!ENTITY b "%s"><!ENTITY c "%s">]>
""" % (b"ha" * 50, b"&a;" * 1000, b"&b;" * 1000)


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("a.docx", "word/document.xml"),
        ("a.pptx", "ppt/presentation.xml"),
        ("a.epub", "META-INF/container.xml"),
        ("a.3mf", "3D/3dmodel.model"),
    ],
)
def test_entities_that_unfold_without_end_are_refused(
    name: str, member: str, tmp_path: Path
) -> None:
    path = made.made(name, tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()}
    members[member] = LAUGHS + b"<x>&c;</x>"
    path.write_bytes(made.zipped(members))
    begun = time.perf_counter()
    reason = "malformed" if name == "a.epub" else "XML entities"
    with pytest.raises(DamagedMedia, match=f"{path.name} .*{reason}"):
        read(path)
    assert time.perf_counter() - begun < 2


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.pptx", "a.epub"):
        with pytest.raises(OversizedMedia, match=name):
            read(made.made(name, tmp_path), Limits(pages=1))


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.epub", "a.3mf", "a.pdf"])
def test_a_document_that_breaks_off_is_damaged(name: str, tmp_path: Path) -> None:
    data = made.content(name)
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(DamagedMedia, match=name):
        read(tmp_path / name)


def test_a_zip_of_anything_else_is_unsupported(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(made.zipped({"readme.txt": b"hello"}))
    with pytest.raises(UnsupportedMedia, match="no kind that XMR reads"):
        read(tmp_path / "a.docx")
