"""Two searches side by side, on a library of three colours."""

from tests.named import registered
from tests.ui.test_search_page import stated, text
from xmr_core.library import Library
from xmr_core.ui import document
from xmr_core.ui.pages import PAGES


def test_each_hit_tells_its_rank_on_the_other_side(served):
    told = served.call("compare", left=stated(text("red")), right=stated(text("blue")), k=6)
    left, right = told["left"]["rows"], told["right"]["rows"]
    ranks = {row["key"]: row["rank"] for row in right}
    assert [row["rank"] for row in left] == [1, 2, 3, 4, 5, 6]
    assert [row["other"] for row in left] == [ranks.get(row["key"]) for row in left]
    back = {row["key"]: row["other"] for row in right if row["other"]}
    assert back == {row["key"]: row["rank"] for row in left if row["other"]}
    assert told["shared"] == len(back)
    assert (told["left"]["label"], told["right"]["label"]) == ("red", "blue")


def test_a_search_beside_itself_shares_everything(served):
    told = served.call("compare", left=stated(text("red")), right=stated(text("red")), k=5)
    assert told["shared"] == 5
    assert all(row["rank"] == row["other"] for row in told["left"]["rows"])


def test_the_correction_can_be_the_difference(served):
    told = served.call(
        "compare", left=stated(text("red")), right=stated(text("red"), corrected=False), k=17
    )
    assert told["shared"] == 17 and len(told["right"]["rows"]) == 17


def test_documents_are_compared_by_what_leads_them(site):
    red, words = site.ids["pictures/red.png"], site.ids["red.txt"]
    site.context.shelf.get("colours").join([red, words])
    sides = {"left": stated(text("red")), "right": stated(text("blue"))}
    told = site.call("compare", **sides, k=17, documents=True)
    lists = {
        side: {row["key"]: row["rank"] for row in told[side]["rows"]} for side in ("left", "right")
    }
    (joined,) = [row for row in told["left"]["rows"] if "2 items" in row["where"]]
    assert "found by" in joined["where"] and joined["rank"] == 1
    assert joined["whole"] and not any(row.get("whole") for row in told["left"]["rows"][1:])
    shown = site.call("documents.one", library="colours", id=joined["id"])
    assert shown["title"] == joined["title"] and "2 members" in shown["card"]
    assert joined["other"] == lists["right"][joined["key"]] > 1
    assert len(lists["left"]) == 16, "two of the seventeen files are one"


def test_a_side_that_asks_for_nothing_is_empty_and_not_wrong(served):
    told = served.call("compare", left=stated(), right=stated(text("red")), k=3)
    assert told["left"] == {"label": "", "problem": None, "empty": True, "rows": []}
    assert len(told["right"]["rows"]) == 3 and not told["right"]["empty"]


def test_what_is_wrong_with_one_side_is_told_there(served):
    told = served.call("compare", left=stated(text("red")), right=stated(text("red", -1)), k=3)
    assert told["right"]["rows"] == []
    assert "nothing to look for" in told["right"]["problem"]["message"]
    assert len(told["left"]["rows"]) == 3 and told["left"]["problem"] is None


def test_libraries_of_one_folder_are_compared_by_their_files(site):
    with registered(), Library.create("again", "colours", site.home) as library:
        for _ in library.index(site.media):
            pass
    right = stated(text("red")) | {"libraries": ["again"]}
    told = site.call("compare", left=stated(text("red")), right=right, k=17)
    assert told["shared"] == 17
    assert {row["library"] for row in told["right"]["rows"]} == {"again"}


def test_the_page_is_there_and_not_among_the_links():
    assert '#compare"' not in document.header() and '#search"' in document.header()
    assert "compare" in [page.name for page in PAGES]
