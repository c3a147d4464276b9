"""What the dialog of near-duplicates asks of the server."""

import csv
import io
import json
import os

import pytest

from tests import named
from tests.duplicates import made
from tests.library.steps import indexed
from tests.ui.test_jobs import until
from xmr_core.errors import LibraryReadOnly
from xmr_core.ui import duplicates
from xmr_core.ui.context import Context
from xmr_core.ui.fields import BadField
from xmr_core.ui.library_runs import Runs
from xmr_core.ui.shelf import Shelf


@pytest.fixture
def ask(home, cache, tmp_path):
    """A library with a picture twice, one name of which would be markup."""
    folder = tmp_path / "pictures"
    (folder / "small").mkdir(parents=True)
    cat = made.photograph("chelsea")
    cat.save(folder / "cat & <b>.png")
    made.half(cat).save(folder / "small/cat.jpg")
    made.photograph("coffee").save(folder / "cup.jpg")
    with named.registered():
        indexed(home, folder).close()
        context = Context(Shelf(home), home=home)
        actions = duplicates.actions(context)

        def ask(action, **payload):
            return actions[action]({"library": "lib", **payload})

        ask.context = context
        yield ask
        context.shelf.close()


def cats(ask):
    """The two items that are one picture; which numbers they get is up to the run."""
    return [item.id for item in ask.context.shelf.get("lib").items() if "cat" in item.path]


def look(ask):
    ask("duplicates-look")
    until(lambda: not ask.context.jobs.get("lib").active)


def test_nothing_is_known_at_first_and_a_look_is_offered(ask):
    answer = ask("duplicates")
    assert answer["total"] == 0 and answer["looked"]["offer"] == "Look for near-duplicates"
    assert "3 files" in answer["looked"]["line"]


def test_the_panel_of_the_run_says_what_was_found_and_leads_there(ask):
    runs = Runs(ask.context)
    look(ask)
    told = runs.state("lib")
    assert (told["line"], told["show"]) == ("1 group of near-duplicates.", "duplicates")
    one, other = cats(ask)
    ask("duplicates-different", id=one, others=[other], different=True)
    told = runs.state("lib")
    assert (told["line"], told["show"]) == ("No near-duplicates.", "")


def test_groups_are_shown_side_by_side_with_what_differs(ask):
    look(ask)
    answer = ask("duplicates")
    assert answer["total"] == 1 and answer["looked"]["offer"] == ""
    html = answer["html"]
    assert html.count('class="x-dup-card"') == 2 and html.count("data-best") == 1
    assert "cat &amp; &lt;b&gt;.png" in html and "<b>." not in html
    assert "<mark>451 × 300</mark>" in html and "Best: most pixels" in html


def test_groups_are_chosen_by_medium_and_similarity(ask):
    look(ask)
    assert ask("duplicates", media=["audio"])["total"] == 0
    assert ask("duplicates", least=100)["total"] == 0
    assert ask("duplicates", media=["image"], least=90)["total"] == 1
    with pytest.raises(BadField):
        ask("duplicates", media=["smell"])


def test_what_is_different_is_remembered_until_it_is_taken_back(ask):
    look(ask)
    one, other = cats(ask)
    ask("duplicates-different", id=one, others=[other])
    assert ask("duplicates")["total"] == 0
    ask("duplicates-different", id=one, others=[other], different=False)
    assert ask("duplicates")["total"] == 1


def test_files_that_are_the_same_are_told_for_results_to_be_folded(ask, tmp_path):
    (tmp_path / "pictures/again.png").write_bytes(
        (tmp_path / "pictures/cat & <b>.png").read_bytes()
    )
    library = ask.context.shelf.get("lib")
    list(library.index())
    ids = {item.path: item.id for item in library.items()}
    assert ask("duplicates-copies", ids=list(ids.values())) == {"copies": {}}
    look(ask)
    one, other = ids["cat & <b>.png"], ids["again.png"]
    told = ask("duplicates-copies", ids=[one, ids["cup.jpg"]])
    assert told == {"copies": {str(one): [other]}}


def test_the_list_is_exported_and_says_what_to_keep(ask):
    look(ask)
    table = ask("duplicates-export", format="csv")
    rows = list(csv.reader(io.StringIO(table["text"])))
    assert table["name"].endswith(".csv") and [row[1] for row in rows] == ["keep", "yes", "no"]
    (group,) = json.loads(ask("duplicates-export", format="json")["text"])
    assert group["keep"].endswith("cat & <b>.png")
    with pytest.raises(Exception, match="exported as"):
        ask("duplicates-export", format="exe")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="a superuser may write anywhere")
def test_a_library_that_cannot_be_written_is_not_looked_through(ask, home):
    (home / "lib").chmod(0o500)
    ask.context.shelf.close()
    with pytest.raises(LibraryReadOnly):
        ask("duplicates-look")
