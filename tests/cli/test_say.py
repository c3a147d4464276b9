"""`xmr say`: files in words."""

import json


def test_files_are_put_into_words_with_whom_it_comes_from(xmr, library):
    (library / "green.txt").write_text("A green hill in the sun.")
    assert xmr("index", library, "--library", "hues")[0] == 0
    status, out, _ = xmr(
        "say", library / "deep/green.png", library / "blue.wav", "-l", "hues", "--json"
    )
    picture, sound = json.loads(out)
    assert status == 0
    assert (picture["medium"], sound["medium"]) == ("image", "audio")
    assert set(picture) == {"file", "medium", "sure", "tags", "caption"}
    assert picture["caption"]["from"]
    status, out, _ = xmr("say", library / "deep/green.png", "-l", "hues")
    assert status == 0 and out.startswith(str(library / "deep/green.png")[:20])
    assert "from:" in out or "Nothing sure" in out or "%" in out


def test_texts_and_missing_files_and_libraries_are_told(xmr, library):
    status, _, err = xmr("say", library / "red.txt", "-l", "hues")
    assert status == 1 and "words already" in err
    status, _, err = xmr("say", library / "none.png", "-l", "hues")
    assert status == 1 and "none.png" in err
    status, _, err = xmr("say", library / "red.txt", "-l", "nowhere")
    assert status == 1 and "nowhere" in err


def test_without_a_library_it_is_said_how_to_make_one(xmr, tmp_path):
    status, _, err = xmr("say", tmp_path / "a.png")
    assert status == 1 and "xmr demo" in err
