"""A library deleted, and another one made under its name: nothing of the first is taken for it."""

import shutil

from tests.ui.test_map_page import finished
from xmr_core.catalogue import Catalogue


def replaced(site):
    """Another library of the same name and as many changes, with one picture less."""
    old = site.context.shelf.get("colours")
    generation = old.catalogue.generation
    site.context.shelf.delete("colours")
    (site.media / "pictures/green.png").unlink()
    fresh = site.context.shelf.create("colours", "colours")
    for _ in fresh.index(site.media):
        pass
    while fresh.catalogue.generation < generation:
        fresh.catalogue._changed()
    assert fresh.catalogue.generation == generation
    site.ids |= {item.path: item.id for item in fresh.items(limit=1000)}
    return fresh


def test_no_two_catalogues_have_one_identity(tmp_path):
    paths = [tmp_path / "a", tmp_path / "a", tmp_path / "b"]
    seen = []
    for path in paths:
        with Catalogue(path) as catalogue:
            seen.append(catalogue.identity)
    assert len(set(seen)) == 3


def test_ranks_are_among_the_items_that_are_there_now(site):
    def among():
        words = {"kind": "text", "text": "a red thing", "weight": 1}
        asked = {"library": "colours", "id": site.ids["pictures/red.png"]}
        return site.call("why.occlude", **asked, query={"terms": [words]})["among"]

    assert among() == 3
    replaced(site)
    assert among() == 2


def test_its_encoders_are_not_taken_for_read(site):
    site.call("search.warm", libraries=["colours"])
    assert site.call("search.status", libraries=["colours"])["ready"]
    replaced(site)
    assert not site.call("search.status", libraries=["colours"])["ready"]


def test_its_map_has_no_share_in_the_other_s_job(site):
    site.call("map.arrange", library="colours")
    assert finished(site)["state"] == "done"
    replaced(site)
    assert site.call("map.job", library="colours")["job"] is None


def test_its_size_is_its_own(site, monkeypatch):
    def size():
        return site.call("library", name="colours")["html"].split('class="x-lib-facts"')[-1]

    before = site.context.shelf.get("colours")
    monkeypatch.setattr(type(before), "size_on_disk", lambda self: self.identity * 1_000_000_000)
    first = size()
    fresh = replaced(site)
    assert fresh.identity != before.identity
    assert size() != first
    assert f"{fresh.identity} GB" in site.call("library", name="colours")["html"]


def test_its_heat_is_measured_anew(site):
    words = {"kind": "text", "text": "a red thing", "weight": 1}
    asked = {"library": "colours", "id": site.ids["red.txt"], "query": {"terms": [words]}}
    shutil.copytree(site.home / "colours", site.home / "kept")
    site.call("why.curve", **asked)
    assert site.call("why.curve.job", **asked)["job"] is not None
    site.context.shelf.delete("colours")
    shutil.move(site.home / "kept", site.home / "colours")  # the same items by the same numbers
    assert site.call("why.curve.job", **asked)["job"] is None
