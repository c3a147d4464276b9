import json
import struct

import av
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.indexing.world import write_solid, write_sound
from tests.words import made
from xmr_core.errors import MediaError
from xmr_core.words.tags import Tags

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>lighthouse</rdf:li>
 <rdf:li>Küste</rdf:li></rdf:Bag></dc:subject><dc:title><rdf:Alt><rdf:li>At sea</rdf:li>
 </rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"""


def told(path):
    found: dict[str, list[str]] = {}
    for line in Tags().look(made.item(path)).lines:
        found.setdefault(line.field, []).append(line.text)
    return found


def test_exif_and_xmp_of_a_photograph(tmp_path):
    picture = Image.new("RGB", (8, 8))
    exif = picture.getexif()
    exif[0x010E], exif[0x013B] = "The lighthouse", "Ada Lovelace"
    exif[0x010F], exif[0x0110] = "Canon", "Canon EOS 5D"
    exif[0x9C9E] = "Meer;Turm".encode("utf-16-le")
    part = exif.get_ifd(0x8769)
    part[0x9003], part[0x9286] = "2024:01:31 12:00:00", b"ASCII\0\0\0a fine day"
    picture.save(tmp_path / "a.jpg", exif=exif, xmp=XMP.encode())
    assert told(tmp_path / "a.jpg") == {
        "title": ["The lighthouse", "At sea"],
        "author": ["Ada Lovelace"],
        "keywords": ["Meer;Turm", "lighthouse", "Küste"],
        "camera": ["Canon EOS 5D"],
        "date": ["2024-01-31 12:00:00"],
        "comment": ["a fine day"],
    }


def test_iptc_of_a_photograph(tmp_path):
    entries = b"".join(
        struct.pack(">BBBH", 0x1C, 2, tag, len(text)) + text
        for tag, text in ((5, b"Storm"), (25, b"sea"), (25, b"wind"), (55, b"20240131"))
    )
    if len(entries) % 2:
        entries += b"\0"
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(entries)) + entries
    data = b"Photoshop 3.0\0" + block
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.jpg")
    plain = (tmp_path / "plain.jpg").read_bytes()
    marker = b"\xff\xed" + struct.pack(">H", len(data) + 2) + data
    (tmp_path / "a.jpg").write_bytes(plain[:2] + marker + plain[2:])
    assert told(tmp_path / "a.jpg") == {
        "title": ["Storm"], "keywords": ["sea", "wind"], "date": ["2024-01-31"],
    }  # fmt: skip


def test_words_of_a_png_and_broken_ones_are_left_out(tmp_path):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Ada")
    info.add_itxt("XML:com.adobe.xmp", "<broken")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    assert told(tmp_path / "a.png") == {"author": ["Ada"]}


@pytest.mark.parametrize(("end", "codec"), [(".mp3", "libmp3lame"),
                                            (".m4a", "aac"), (".flac", "flac")])  # fmt: skip
def test_tags_of_sounds(tmp_path, end, codec):
    path = tmp_path / f"a{end}"
    tags = {"title": "Blue tit", "artist": "Ada", "album": "Garden", "comment": "at dawn"}
    with av.open(str(path), "w") as box:
        box.metadata.update(tags)
        stream = box.add_stream(codec, rate=44_100)
        for _ in range(20):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate = 44_100
            frame = av.AudioResampler(stream.format.name, "mono", 44_100).resample(frame)[0]
            box.mux(stream.encode(frame))
        box.mux(stream.encode(None))
    found = told(path)
    assert {name: found[name] for name in ("title", "author", "album", "comment")} == {
        "title": ["Blue tit"], "author": ["Ada"], "album": ["Garden"], "comment": ["at dawn"],
    }  # fmt: skip


def test_head_of_a_page(tmp_path):
    page = "<html><head><title>Owls &amp; more</title><meta name=Author content='Ada'>"
    page += "<meta property='og:description' content='They hoot'></head><p>x</p></html>"
    (tmp_path / "a.html").write_text(page)
    assert told(tmp_path / "a.html") == {
        "title": ["Owls & more"], "author": ["Ada"], "comment": ["They hoot"],
    }  # fmt: skip


def test_documents_say_who_wrote_them(tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph("words")
    document.core_properties.title, document.core_properties.author = "Report", "Ada"
    document.core_properties.comments = ""
    document.save(str(tmp_path / "a.docx"))
    assert told(tmp_path / "a.docx") == {"title": ["Report"], "author": ["Ada"]}
    (tmp_path / "a.pdf").write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Title(A note)/Author(Ada)/CreationDate(D:20240131120000)>>endobj\n"
        b"trailer<</Root 1 0 R/Info 4 0 R/Size 5>>\n%%EOF"
    )
    assert told(tmp_path / "a.pdf") == {
        "title": ["A note"], "author": ["Ada"], "date": ["2024-01-31"],
    }  # fmt: skip


def test_names_of_a_models_parts(tmp_path):
    names = ("frontWheel_01", "Node.003", "Cart_Body")
    about = {"version": "2.0", "extras": {"author": "Ada", "title": "Cart"}}
    tree = {"asset": about, "nodes": [{"name": name} for name in names]}
    data = json.dumps(tree).encode()
    data += b" " * (-len(data) % 4)
    head = struct.pack("<4sIIII", b"glTF", 2, 20 + len(data), len(data), 0x4E4F534A)
    (tmp_path / "a.glb").write_bytes(head + data)
    assert told(tmp_path / "a.glb") == {
        "title": ["Cart"], "author": ["Ada"], "keywords": ["front Wheel", "Cart Body"],
    }  # fmt: skip
    assert told(write_solid(tmp_path / "b.ply")) == {}


def test_a_file_that_says_nothing_has_no_lines_and_a_broken_one_a_reason(tmp_path):
    assert told(write_sound(tmp_path / "a.wav")) == {}
    item = made.item(tmp_path / "a.wav")
    (tmp_path / "a.wav").write_bytes(b"RIFF\xff\xff\0\0WAVEbroken")
    with pytest.raises(MediaError):
        Tags().look(item)
