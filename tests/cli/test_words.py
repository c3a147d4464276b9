"""xmr words."""

import json

from PIL import Image


def test_tags_are_looked_for_and_found(xmr, library, media):
    with Image.open(media / "deep/green.png") as picture:
        exif = picture.getexif()
        exif[0x013B] = "Ada Lovelace"
        picture.copy().save(media / "deep/by-ada.jpg", exif=exif)
    assert xmr("index", media, "--library", "hues")[0] == 0
    only = ("--no-writing", "--no-speech", "--no-subtitles")
    status, out, _ = xmr("words", "hues", *only)
    assert status == 0 and "author: 1 line in 1 file" in out and "speech: 0 files" in out
    status, out, _ = xmr("words", "hues", "--find", "author:lovelace")
    assert status == 0 and "deep/by-ada.jpg: author" in out and "Ada Lovelace" in out
    status, out, _ = xmr("words", "hues", "--find", "lovelace", "--json")
    (told,) = json.loads(out)
    assert (told["field"], told["marks"]) == ("author", [[4, 12]])
    status, out, _ = xmr("search", '"ada lovelace"', "--library", "hues")
    assert "author: Ada Lovelace" in out


def test_how_far_it_came_is_told_without_looking(xmr, library):
    status, out, _ = xmr("words", "hues", "--known", "--json")
    states = {state["work"]: state for state in json.loads(out)["works"]}
    assert status == 0 and states["tags"]["done"] == 0 and states["writing"]["waiting"] == 2


def test_nothing_found_and_nothing_asked_are_said(xmr, library):
    assert "Nothing holds these words" in xmr("words", "hues", "--find", "lovelace")[1]
    status, _, err = xmr("words", "hues", "--find", "?")
    assert status == 1 and "no words" in err


def test_a_listener_is_chosen_and_kept_and_another_one_hears_again(xmr, library, tmp_path):
    from tests.tiny_whisper import tiny_whisper

    folder = tiny_whisper(tmp_path / "tiny")
    only = ("--no-writing", "--no-tags", "--no-subtitles")
    assert "speech: 2 files looked into\n" in xmr("words", "hues", *only)[1]
    status, out, err = xmr("words", "hues", *only, "--speech", f"whisper:{folder}")
    assert status == 0 and "speech: 2 files looked into\n" in out and "downloaded" not in err
    assert "speech: 2 files looked into\n" in xmr("words", "hues", "--known")[1]
    told = xmr("words", "hues", "--known", "--speech", "pocketsphinx")[1]
    assert "speech: 0 files looked into, 2 waiting" in told


def test_what_a_listener_downloads_is_said_and_the_hub_that_is_away(xmr, library, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    status, _, err = xmr("words", "hues", "--speech", "whisper:openai/whisper-tiny")
    assert status == 1 and "151 MB. Licence: Apache-2.0" in err and "cannot be reached" in err
    status, _, err = xmr("words", "hues", "--speech", "siri")
    assert status == 1 and "no listener 'siri'" in err and "pocketsphinx" in err


def test_a_work_is_left_out_by_name_and_cannot_be_asked_for_alone(xmr, library):
    status, _, err = xmr("words", "hues", "--tags")  # which would read and hear everything, too
    assert status == 2 and "--tags" in err
