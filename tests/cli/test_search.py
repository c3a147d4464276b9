"""`xmr search`: terms, filters, pages, what is shown."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests import children
from tests.cli.steps import hits
from tests.indexing.world import write_sound, write_text
from xmr_core.cli import typed

# What is subtracted is taken out, and pushed back by 0.15 of what is left (xmr_core/algebra.py)
PUSHED = -0.15 / (1 + 0.15**2) ** 0.5


def test_words_are_looked_for_in_all_media(xmr, library):
    status, out, _ = xmr("search", "red", "-l", "hues")
    assert status == 0
    lines = [line.split() for line in out.splitlines() if line[:1].isdigit()]
    assert {line[3] for line in lines[:2]} == {"red.txt", "film.gif"}
    assert lines[0][0] == "1" and lines[0][1].endswith("%")


def test_json_says_what_each_hit_is(xmr, library):
    status, out, _ = xmr("search", "green", "-l", "hues", "--json", "-k", "2")
    answer = json.loads(out)
    assert status == 0 and set(answer) == {"probably_nothing", "presence", "total", "hits"}
    assert answer["total"] == 5 and len(answer["hits"]) == 2
    first = answer["hits"][0]
    assert set(first) == {
        *("rank", "library", "id", "modality", "path", "part"),
        *("score", "cosine", "strength"),
    }
    assert first["rank"] == 1 and first["library"] == "hues"
    assert Path(first["path"]).is_absolute() and Path(first["path"]).is_file()
    assert {hit["modality"] for hit in answer["hits"]} == {"image", "mesh"}


@pytest.mark.parametrize(
    ("option", "file"),
    [
        ("--image", "deep/green.png"),
        ("--audio", "blue.wav"),
        ("--video", "film.gif"),
        ("--mesh", "solid.ply"),
        ("--document", "red.txt"),
    ],
)
def test_any_medium_can_be_the_query(xmr, library, option, file):
    name = Path(file).name
    assert name in hits(xmr("search", option, library / file, "-l", "hues", "--json"))[:2]


def test_terms_add_up_and_are_subtracted(xmr, library):
    words = ("search", "red", "--image", library / "deep/green.png", "-l", "hues", "--json")

    def cosines(answer):
        return {Path(h["path"]).name: h["cosine"] for h in json.loads(answer[1])["hits"]}

    both = cosines(xmr(*words))
    assert both["film.gif"] == pytest.approx(both["solid.ply"], abs=0.02)
    assert both["film.gif"] == pytest.approx(0.5**0.5, abs=0.02)
    less = cosines(xmr(*words, "--minus", "red"))
    assert less["solid.ply"] == pytest.approx(1, abs=0.02)
    assert less["film.gif"] == pytest.approx(PUSHED, abs=0.02)


def cosines(answer):
    return {Path(hit["path"]).name: hit["cosine"] for hit in json.loads(answer[1])["hits"]}


def test_terms_have_weights(xmr, library):
    green = library / "deep/green.png"
    for words in (
        ("red::3", "--image", green),
        ("red", "--image", f"{green}::0.333333"),
        ("--text", "red::1.5", "--text", "green::.5"),
        ("red", "--text", "red", "--text", "red", "--mesh", library / "solid.ply"),
    ):
        found = cosines(xmr("search", *words, "-l", "hues", "--json"))
        assert found["film.gif"] == pytest.approx(3 / 10**0.5, abs=0.02), words
        assert found["solid.ply"] == pytest.approx(1 / 10**0.5, abs=0.02), words


def test_files_are_subtracted_by_an_option_or_a_weight_below_zero(xmr, library):
    film = library / "film.gif"
    for words in (
        ("red green", "--minus-file", film),
        ("red green", "--video", f"{film}::-1"),
        ("red green", "--minus", "red"),
        ("red green", "--text", "red::-1"),
    ):
        found = cosines(xmr("search", *words, "-l", "hues", "--json"))
        assert found["solid.ply"] == pytest.approx(1, abs=0.02), words
        assert found["film.gif"] == pytest.approx(PUSHED, abs=0.02), words


@pytest.mark.parametrize(
    "text", ["std::vector", "red::", "red:: 2x", "a::2x::b", "10::20:30", "red::green"]
)
def test_words_with_two_colons_in_them_stay_words(text):
    assert typed.words(text) == typed.Typed(text)


def test_a_file_whose_name_looks_like_a_weight_is_that_file(xmr, library):
    write_text(library / "notes::2", "blue")
    asked = ("-l", "hues", "--json")
    found = cosines(xmr("search", "red::2", "--document", library / "notes::2", *asked))
    assert found["film.gif"] == pytest.approx(2 / 5**0.5, abs=0.02)
    found = cosines(xmr("search", "red::2", "--document", f"{library / 'notes::2'}::2", *asked))
    assert found["film.gif"] == pytest.approx(0.5**0.5, abs=0.02)


def test_a_word_is_no_file_even_where_one_is_called_so(xmr, library, monkeypatch):
    write_text(library / "green", "red")
    monkeypatch.chdir(library)
    found = cosines(xmr("search", "red green", "--minus", "green::.70711", "-l", "hues", "--json"))
    assert found["film.gif"] == pytest.approx(1, abs=0.02)


def test_targets_folders_and_numbers_narrow_the_answer(xmr, library):
    asked = ("search", "green", "-l", "hues", "--json")
    assert hits(xmr(*asked, "--to", "audio, text")) in (
        ["red.txt", "blue.wav"],
        ["blue.wav", "red.txt"],
    )
    assert hits(xmr(*asked, "--folder", "deep")) == ["green.png"]
    assert len(hits(xmr(*asked, "-k", "3"))) == 3
    plain = json.loads(xmr(*asked, "--plain", "-k", "1")[1])["hits"][0]
    assert plain["score"] == pytest.approx(plain["cosine"], abs=1e-3)


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (("--after", "2020-05-02"), {"red.txt", "solid.ply"}),
        (("--before", "2020-05-01"), {"green.png", "blue.wav", "film.gif"}),
        (("--after", "2020-05-01", "--before", "2020-05-01"), {"film.gif"}),
        (("--after", "2020-05-01T23:59:59"), {"red.txt", "solid.ply"}),
        (("--after", "1000-01-01", "--before", "2020-04-30"), {"green.png", "blue.wav"}),
        (("--after", "2020-05-02", "--before", "9999-12-31"), {"red.txt", "solid.ply"}),
        (("--min-size", "10kB"), {"blue.wav"}),
        (("--max-size", "3B"), {"red.txt"}),
        (("--min-length", "0:02"), {"long.wav"}),
        (("--max-length", "1"), {"blue.wav", "film.gif"}),
        (("--contains", "RED"), {"red.txt"}),
        (("--contains", " "), {"red.txt", "green.png", "blue.wav", "film.gif", "solid.ply"}),
        (("--to", "image", "--to", "mesh"), {"green.png", "solid.ply"}),
        (("--to", "text,mesh", "--contains", "solid"), {"solid.ply"}),
    ],
)
def test_filters_narrow_the_answer(xmr, library, filters, left):
    for name, day in (("deep/green.png", "04-30"), ("blue.wav", "04-30"), ("film.gif", "05-01")):
        at = datetime.fromisoformat(f"2020-{day}T23:30").timestamp()
        os.utime(library / name, (at, at))
    if "long.wav" in left:
        write_sound(library / "long.wav", "green", seconds=3)
    xmr("index", "-l", "hues")
    assert set(hits(xmr("search", "green", "-l", "hues", "--json", *filters))) == left


def test_a_folder_may_be_absolute_and_a_link(xmr, library, tmp_path):
    (tmp_path / "link").symlink_to(library, target_is_directory=True)
    for folder in (library / "deep", tmp_path / "link/deep", "deep", "./deep"):
        words = ("search", "green", "-l", "hues", "--json", "--folder", folder)
        assert hits(xmr(*words)) == ["green.png"], folder


def test_pages_follow_each_other(xmr, library):
    asked = ("search", "green", "-l", "hues")
    whole = hits(xmr(*asked, "--json"))
    assert len(whole) == 5
    assert [hits(xmr(*asked, "--json", "-k", 2, "--offset", n)) for n in (0, 2, 4, 6)] == [
        *(whole[:2], whole[2:4], whole[4:], []),
    ]
    ranks = [hit["rank"] for hit in json.loads(xmr(*asked, "--json", "--offset", 3)[1])["hits"]]
    assert ranks == [4, 5]
    assert "1 to 2 of 5; more with --offset 2" in xmr(*asked, "-k", 2)[1]
    assert "more with" not in xmr(*asked, "-k", 2, "--offset", 3)[1]
    assert xmr(*asked, "--offset", 6)[1] == "Nothing after 6 hits: 5 items can answer.\n"


def test_hits_of_several_libraries_say_whose_they_are(xmr, library, tmp_path):
    write_text(tmp_path / "more/other.txt", "red")
    xmr("index", tmp_path / "more", "-l", "more", "-p", "colours")
    assert "library" not in xmr("search", "red", "-l", "more")[1]
    lines = xmr("search", "red", "--to", "text")[1].splitlines()
    ranked = [line.split() for line in lines if line[:1].isdigit()]
    assert {(line[3], line[4]) for line in ranked} == {
        *(("hues", "red.txt"), ("more", "other.txt")),
    }


def test_long_names_are_shown_whole(xmr, library, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    name = "red-" + "long" * 30 + ".txt"
    write_text(library / name, "red")
    xmr("index", "-l", "hues")
    out = xmr("search", "red", "-l", "hues", "--to", "text", "--contains", "long")[1]
    assert name in "".join(out.split())


def test_several_libraries_answer_together(xmr, library, tmp_path):
    write_text(tmp_path / "more/other.txt", "red")
    xmr("index", tmp_path / "more", "-l", "more", "-p", "colours")
    found = json.loads(xmr("search", "red", "-l", "hues", "-l", "more", "--json")[1])
    assert {hit["library"] for hit in found["hits"]} == {"hues", "more"}
    assert found["total"] == 6
    assert json.loads(xmr("search", "red", "--json")[1])["total"] == 6, "all of them by default"
    twice = json.loads(xmr("search", "red", "-l", "more", "-l", "more", "--json")[1])
    assert len(twice["hits"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "QueryError"),
        (("",), "QueryError: The query is empty."),
        (("--image", "."), "is a folder, not a file. Choose a file inside it."),
        (("--minus", "red"), "QueryError"),
        (("red::-1",), "QueryError: The query has nothing to look for."),
    ],
)
def test_queries_that_make_no_sense_say_why(xmr, library, words, said):
    status, out, err = xmr("search", *words, "-l", "hues")
    assert (status, out) == (1, "") and said in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "smell"), "no medium 'smell'; the media are text, image, audio, video, mesh."),
        (("--to", "image,smell"), "no medium 'smell'"),
        (("--image", "nowhere.png"), "there is no file 'nowhere.png'; check its path."),
        (("--image", "nowhere.png::2"), "there is no file 'nowhere.png'; check its path."),
        (("--image", ""), "there is no file ''; check its path."),
        (
            ("--image", "~nobody-of-that-name/a.png"),
            "there is no file '~nobody-of-that-name/a.png'",
        ),
        (("--minus-file", "nowhere.png"), "there is no file 'nowhere.png'"),
        (("green::0",), "a term cannot weigh 0;"),
        (("--text", "green::5000"), "a term cannot weigh 5000; give a weight of up to 1000"),
        (("--after", "soon"), "'soon' is no date; write it as 2024-01-31"),
        (("--before", "2024-13-01"), "'2024-13-01' is no date"),
        (("--min-size", "big"), "'big' is no size; write it as 500kB"),
        (("--max-size", "5i"), "'5i' is no size"),
        (("green::nan",), "a term cannot weigh nan; give a weight of up to 1000"),
        (("green::-inf",), "a term cannot weigh -inf;"),
        (("green::1e400",), "a term cannot weigh 1e400;"),
        (("green::2x",), "'2x' is no weight; write it as ::2 or ::0.5."),
        (("--minus", "green::0,5"), "'0,5' is no weight;"),
        (("--min-length", "1:99"), "'1:99' is no length; the seconds of a minute"),
        (("--max-length", "1:60:00"), "'1:60:00' is no length;"),
        (("--min-length", "1:2:3:4"), "is no length; write it in seconds, or as 1:30"),
    ],
)
def test_what_is_typed_wrongly_is_refused_with_how_to_write_it(xmr, words, said):
    status, out, err = xmr("search", "red", *words)
    assert (status, out) == (2, "") and said in err and "Traceback" not in err


@children.posix
def test_names_of_any_bytes_can_be_printed(xmr, library):
    for name in (os.fsdecode(b"caf\xe9.txt"), "two\nlines.txt", "\x1b[2Jclear.txt", "[red]x.txt"):
        write_text(library / name, "blue and nothing but blue")
    (library / os.fsdecode(b"b\xffd.txt")).touch()
    status, out, _ = xmr("index", "-l", "hues")
    assert status == 0 and "b\\udcffd.txt: is empty" in out
    status, out, _ = xmr("search", "blue", "-l", "hues", "--to", "text")
    assert status == 0 and "\x1b[2J" not in out
    for shown in ("caf\\udce9.txt", "two\\nlines.txt", "\\x1b[2Jclear.txt", "[red]x.txt"):
        assert shown in out
    assert xmr("search", os.fsdecode(b"blue caf\xe9"), "-l", "hues")[0] == 0
    found = hits(xmr("search", "blue", "-l", "hues", "--to", "text", "--json"))
    assert os.fsdecode(b"caf\xe9.txt") in found and "two\nlines.txt" in found


def test_a_reader_that_goes_away_is_no_error(library, home):
    code = (
        "import sys; from tests import named; from xmr_core import cli\n"
        "sys.argv = ['xmr', 'search', 'red', '-l', 'hues', '--json']\n"
        "with named.registered(): cli.main()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    child.stdout.close()
    assert "Traceback" not in child.stderr.read()
    child.stderr.close()
    child.wait()


def test_a_search_that_nothing_passes_says_so(xmr, library):
    for options in (
        ["--folder", "nowhere"],
        ["--folder", "~nobody-of-that-name"],
        ["--to", "audio", "--folder", "deep"],
    ):
        status, out, _ = xmr("search", "red", "-l", "hues", *options)
        assert (status, out.split(".")[0]) == (0, "Nothing to show")


def test_hits_are_written_to_a_file_too(xmr, library, tmp_path):
    target = tmp_path / "green.zip"
    status, out, _ = xmr("search", "green", "-l", "hues", "-k", "2", "--export", target)
    assert status == 0 and "green" in out
    with zipfile.ZipFile(target) as kept:
        assert {"index.html", "results.csv"} < set(kept.namelist())
        assert "<title>green</title>" in kept.read("index.html").decode()
    status, _, told = xmr("search", "green", "-l", "hues", "--export", tmp_path / "green.pdf")
    assert status == 1 and "no format" in told
    status, _, told = xmr("search", "green", "-l", "hues", "--export", tmp_path / "no/green.csv")
    assert status == 1 and "cannot be written" in told


def test_one_thing_after_another_is_found_in_that_order(xmr, library):
    write_text(library / "forth.txt", "red\n\nblue\n\ngreen")
    write_text(library / "back.txt", "green\n\nblue\n\nred")
    assert xmr("index", library, "--library", "hues")[0] == 0
    status, out, _ = xmr("search", "red", "--then", "green", "--library", "hues", "--json")
    first, second = json.loads(out)["hits"][:2]
    assert status == 0 and first["path"].endswith("forth.txt")
    assert first["part"] == "passage 1 → passage 3" and second["path"].endswith("back.txt")
    many = [word for _ in range(5) for word in ("--then", "green")]
    assert "from two to 5" in xmr("search", "red", *many, "--library", "hues")[2]


def test_a_field_that_is_none_is_told_beside_the_answer(xmr, library):
    status, out, err = xmr("search", "colour:red", "-l", "hues")
    assert status == 0 and "red.txt" in out
    assert "There is no field 'colour'" in err and "written, spoken" in err
    assert "field" not in xmr("search", "red at 10:30", "-l", "hues")[2]
