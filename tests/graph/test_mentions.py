import json
import struct

import pytest

from xmr_core.graph.mentions import find, mentioned

PAGE = """<h1>Owls</h1><img alt="an owl" src="photos/barn%20owl.jpg"><a href='../notes/owls.md'>
<video poster="still.png"></video><img srcset="small.jpg 1x, large.jpg 2x"><a href="#top">up</a>
<img src="data:image/png;base64,AAAA">"""
NOTE = """See ![an owl](photos/owl.jpg "Owl") and [[Night Birds|more]], ![[hoot.wav]],
[one][1] and <img src="tail.png">.

[1]: <far away.pdf>
"""


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "page.html",
            PAGE,
            ["photos/barn%20owl.jpg", "../notes/owls.md", "still.png", "small.jpg", "large.jpg"],
        ),
        (
            "note.md",
            NOTE,
            ["photos/owl.jpg", "far away.pdf", "Night Birds", "hoot.wav", "tail.png"],
        ),
        ("song.srt", "1\n00:00:01,000 --> 00:00:02,000\nas in owl.jpg\n", ["owl.jpg"]),
        (
            "owl.gltf",
            json.dumps({"images": [{"uri": "skin.png"}, {"bufferView": 1}]}),
            ["skin.png"],
        ),
        ("owl.gltf", "[not json", []),
        ("owl.gltf", '["a list"]', []),
        ("owl.dae", "<image><init_from>skin.png</init_from></image>", ["skin.png"]),
        ("owl.pdf", "%PDF-1.4 << /A << /S /URI /URI (owl\\(1\\).jpg) >> >>", ["owl(1).jpg"]),
        ("owl.jpg", '<img src="other.jpg">', []),
    ],
)
def test_names_in_a_file_are_found(tmp_path, name, text, wanted):
    (tmp_path / name).write_text(text)
    assert mentioned(tmp_path / name) == wanted


def test_a_model_names_the_textures_of_its_materials(tmp_path):
    (tmp_path / "skins").mkdir()
    (tmp_path / "owl.obj").write_text("mtllib skins/owl.mtl\nv 0 0 0\n")
    (tmp_path / "skins/owl.mtl").write_text("newmtl a\nmap_Kd -s 1 feathers.png\n")
    assert mentioned(tmp_path / "owl.obj") == ["skins/feathers.png"]
    (tmp_path / "owl.obj").write_text("mtllib ../../owl.mtl\n")
    assert mentioned(tmp_path / "owl.obj") == []


def test_a_binary_model_names_its_textures(tmp_path):
    tree = json.dumps({"images": [{"uri": "skin.png"}]}).encode()
    head = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(tree), len(tree), b"JSON")
    (tmp_path / "owl.glb").write_bytes(head + tree)
    assert mentioned(tmp_path / "owl.glb") == ["skin.png"]


def test_a_file_that_is_gone_mentions_nothing(tmp_path):
    assert mentioned(tmp_path / "page.html") == []


def test_a_name_is_found_by_its_path_or_alone_where_only_one_file_is_called_so():
    paths, names = {"birds/photos/owl.jpg": 1, "owl.jpg": 2}, {"hoot.wav": 3, "hoot": 3}
    assert find("photos/owl.jpg", "birds", paths, names) == 1
    assert find("../owl.jpg", "birds", paths, names) == 2
    assert find("Hoot", "birds", paths, names) == 3
    assert find("owl.png", "birds", paths, names) is None
    assert find("http://[", "birds", paths, names) is None
