"""Words inside media, found through a library; fake works leave the lines."""

from dataclasses import replace

import pytest

from tests.library.steps import index
from xmr_core.catalogue import Line
from xmr_core.errors import HubUnreachable, QueryError
from xmr_core.filters import Filters
from xmr_core.indexing import Control
from xmr_core.library import make_query


@pytest.fixture
def filled(library, media):
    index(library, media)
    lines = {
        "deep/green.png": [Line("written", "no smoking", (0.1, 0.2), (0.3, 0.4), 0.95)],
        "blue.wav": [Line("spoken", "good morning everybody", (0.1,), (0.4,), 0.8)],
    }
    for item in library.items():
        kept = lines.get(item.path, [])
        library.catalogue.keep_found(item.id, item.hash, "test", "1", kept)
    return library


def paths(results):
    return [hit.item.path for hit in results.hits]


def test_a_picture_that_holds_the_written_words_comes_first_and_says_where(filled):
    first, *others = filled.search("no smoking").hits
    assert first.item.path == "deep/green.png"
    assert (first.matched.field, first.matched.low) == ("written", pytest.approx((0.1, 0.2)))
    assert [first.matched.text[a:b] for a, b in first.matched.marks] == ["no", "smoking"]
    assert [hit.matched for hit in others if hit.item.path == "blue.wav"] == [None]
    assert first.strength > 0.9


def test_a_sound_in_which_words_are_said_comes_first(filled):
    hit = filled.search("good morning").hits[0]
    assert (hit.item.path, hit.matched.field) == ("blue.wav", "spoken")


def test_exact_phrases_and_fields_restrict_and_leave_out(filled):
    assert paths(filled.search('red "no smoking"')) == ["deep/green.png"]
    assert paths(filled.search("spoken:morning")) == ["blue.wav"]
    assert paths(filled.search("written:morning")) == []
    assert "deep/green.png" not in paths(filled.search("green -written:smoking"))
    assert len(filled.search("green -written:smoking").hits) == 2
    assert paths(filled.search('"no smoking"', filters=Filters(text="blue"))) == []
    assert "deep/green.png" not in paths(filled.search("green", minus=['"no smoking"']))


def test_words_that_are_nowhere_change_nothing(filled):
    def found(words):
        query = replace(make_query([words]), names=False)
        return [(hit.item.path, hit.odds) for hit in filled.answer(query).hits]

    assert found("green")[0][0] == "deep/green.png"
    assert found("green improbable") == found("green")


def test_hits_beyond_the_first_page_of_vectors_are_found_by_their_words(filled):
    assert paths(filled.search("no smoking", k=1)) == ["deep/green.png"]
    assert paths(filled.search("no smoking", k=1, offset=1)) != ["deep/green.png"]


def test_a_query_that_only_leaves_out_is_refused(filled):
    with pytest.raises(QueryError, match="left out"):
        filled.search('-"no smoking"')
    with pytest.raises(QueryError):
        filled.find_words("?!")


def test_filters_by_words_look_into_lines_too(filled):
    assert [item.path for item in filled.items(Filters(text="smok"))] == ["deep/green.png"]
    assert [item.path for item in filled.items(Filters(text="good morning"))] == ["blue.wav"]


def test_find_words_lists_what_holds_them(filled):
    (held,) = filled.find_words("written:smoking")
    assert held.item.path == "deep/green.png" and held.matched.text == "no smoking"


def test_an_unknown_work_is_refused(filled):
    with pytest.raises(QueryError, match="tags, subtitles, writing, speech"):
        filled.look(["smells"])


def test_tags_are_looked_for_once_and_what_is_done_is_told(filled, media):
    from PIL import Image

    with Image.open(media / "deep/green.png") as picture:
        exif = picture.getexif()
        exif[0x013B] = "Ada Lovelace"
        picture.copy().save(media / "deep/by-ada.jpg", exif=exif)
    index(filled)
    *_, last = filled.look(["tags"])
    assert (last.stage, last.failed) == ("done", 0)
    assert [h.item.path for h in filled.find_words("author:lovelace")] == ["deep/by-ada.jpg"]
    states = {state.name: state for state in filled.looked_into()}
    assert (states["tags"].done, states["tags"].waiting) == (4, 0)
    assert states["writing"].waiting == 2
    assert list(filled.look(["tags"]))[-1].total == 0


def test_a_file_that_broke_keeps_its_reason_and_is_tried_again(filled, media):
    (media / "deep/green.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    list(filled.look(["tags"]))
    failed = next(s for s in filled.looked_into() if s.name == "tags").failed
    assert [item.path for item, _ in failed] == ["deep/green.png"] and failed[0][1]
    assert list(filled.look(["tags"]))[-1].total == 0
    assert list(filled.look(["tags"], again=True))[-1].total == 1


def states(library, hearing=None):
    return {state.name: state for state in library.looked_into(hearing)}


def test_another_listener_looks_again_and_is_kept(filled, tmp_path):
    from tests.tiny_whisper import tiny_whisper

    name = f"whisper:{tiny_whisper(tmp_path / 'tiny')}"
    assert filled.listener == "pocketsphinx"
    list(filled.look(["speech"]))
    done = states(filled)["speech"].done
    assert done and states(filled)["speech"].waiting == 0
    assert (states(filled, name)["speech"].done, states(filled, name)["speech"].waiting) == (
        0,
        done,
    )
    events = list(filled.look(["speech"], hearing=name))
    assert (events[0].stage, events[-1].stage) == ("load", "done")
    assert filled.listener == name and states(filled)["speech"].waiting == 0
    assert states(filled, "pocketsphinx")["speech"].waiting == done


def test_a_listener_that_cannot_be_had_changes_nothing_and_other_works_need_none(
    filled, monkeypatch
):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(QueryError, match="no listener"):
        filled.look(["speech"], hearing="siri")
    assert filled.listener == "pocketsphinx"
    with pytest.raises(HubUnreachable):
        list(filled.look(["speech"], hearing="whisper:openai/whisper-tiny"))
    assert states(filled)["speech"].done == 0
    assert list(filled.look(["tags"]))[-1].stage == "done"


def test_a_pass_that_is_cancelled_while_it_fetches_ends(filled, monkeypatch):
    control = Control()
    control.cancel()
    events = list(filled.look(["speech"], control, hearing="pocketsphinx"))
    assert events[-1].stage == "cancelled" and states(filled)["speech"].done == 0
