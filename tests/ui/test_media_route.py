"""Only what is in a library and inside its folder is served, and nothing that could run."""

import os

import pytest


def test_a_file_is_served_as_it_is_with_its_type(served):
    answer = served.client.get(served.url("pictures/red.png"))
    assert answer.status_code == 200
    assert answer.content == (served.media / "pictures/red.png").read_bytes()
    assert answer.headers["Content-Type"] == "image/png"
    assert "Content-Disposition" not in answer.headers


def test_an_unchanged_file_is_not_sent_again(served):
    url = served.url("pictures/red.png")
    tag = served.client.get(url).headers["ETag"]
    again = served.client.get(url, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")


def test_ranges_are_answered_so_that_players_can_seek(served):
    url, data = served.url("sounds/red.wav"), (served.media / "sounds/red.wav").read_bytes()
    part = served.client.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    tail = served.client.get(url, headers={"Range": "bytes=-10"})
    assert (tail.status_code, tail.content) == (206, data[-10:])
    beyond = served.client.get(url, headers={"Range": f"bytes={len(data)}-"})
    assert beyond.status_code == 416


def test_a_page_with_a_script_is_sent_as_plain_text_in_a_sandbox(served):
    answer = served.client.get(served.url("page.html"))
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_a_browser_cannot_show_is_a_download_under_its_name(served):
    answer = served.client.get(served.url("solids/red.ply"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="red.ply"'


@pytest.mark.parametrize(
    "path",
    [
        "/media/colours/999999",
        "/media/colours/0",
        "/media/nothing/1",
        "/media/..%2f..%2fetc/1",
        "/media/colours/..%2f..%2fcatalogue.sqlite",
        "/media/colours/1/..%2f..%2fcatalogue.sqlite",
        "/media/%2e%2e/1",
        "/media/colours/1/catalogue.sqlite",
        "/media//etc/passwd",
    ],
)
def test_whatever_is_no_item_is_not_found(served, path):
    answer = served.client.get(path)
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content


@pytest.mark.parametrize("number", ["-1", "1.5", "x", str(2**80), "1e3", "%00"])
def test_a_number_that_is_none_is_refused(served, number):
    assert served.client.get(f"/media/colours/{number}").status_code == 422


def test_gradio_serves_no_file_of_this_machine(site):
    secret = site.media.parent / "secret.txt"
    secret.write_text("secret")
    for path in (site.media / "red.txt", secret, site.home / "colours/catalogue.sqlite"):
        for route in ("gradio_api/file", "file"):
            answer = site.client.get(f"/{route}={path}")
            assert answer.status_code in {403, 404}, (route, path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_file_replaced_by_a_link_out_of_the_folder_is_not_served(site):
    secret = site.media.parent / "secret.png"
    secret.write_bytes(b"secret")
    target = site.media / "pictures/red.png"
    target.unlink()
    target.symlink_to(secret)
    answer = site.client.get(site.url("pictures/red.png"))
    assert answer.status_code == 404
    assert b"secret" not in answer.content


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_folder_replaced_by_a_link_out_of_the_root_is_not_served(site):
    away = site.media.parent / "away"
    (site.media / "pictures").rename(away)
    (site.media / "pictures").symlink_to(away)
    assert site.client.get(site.url("pictures/red.png")).status_code == 404
    assert (
        "outside"
        in site.refused("item.path", library="colours", id=site.ids["pictures/red.png"])["message"]
    )


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_stays_inside_the_folder_is_served(site):
    target = site.media / "pictures/red.png"
    target.rename(site.media / "elsewhere.png")
    target.symlink_to(site.media / "elsewhere.png")
    assert site.client.get(site.url("pictures/red.png")).status_code == 200


@pytest.mark.parametrize("become", ["gone", "folder"])
def test_a_file_that_is_no_file_any_more_is_not_found(site, become):
    target = site.media / "pictures/red.png"
    target.unlink()
    if become == "folder":
        target.mkdir()
    assert site.client.get(site.url("pictures/red.png")).status_code == 404
    assert site.client.get(site.url("pictures/red.png", "/thumb")).status_code == 200


def test_a_forgotten_folder_is_served_no_longer(site):
    library = site.context.shelf.get("colours")
    library.remove_root(library.roots()[0].id)
    assert site.client.get(site.url("red.txt")).status_code == 404


def test_every_medium_has_its_picture_and_models_have_their_turntable(served):
    for path in (
        "red.txt",
        "pictures/red.png",
        "sounds/red.wav",
        "films/red.gif",
        "solids/red.ply",
    ):
        answer = served.client.get(served.url(path, "/thumb"))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp"), path
        assert "max-age" in answer.headers["Cache-Control"]
    turn = served.client.get(served.url("solids/red.ply", "/turn"))
    assert (turn.status_code, turn.headers["Content-Type"]) == (200, "image/webp")
    assert served.client.get(served.url("red.txt", "/turn")).status_code == 404


def test_a_model_of_any_format_reaches_the_viewer_as_one_binary_gltf(served):
    import io

    import trimesh

    answer = served.client.get(served.url("solids/red.ply", "/view.glb"))
    assert answer.headers["Content-Type"] == "model/gltf-binary"
    scene = trimesh.load(io.BytesIO(answer.content), file_type="glb")
    (mesh,) = scene.geometry.values()
    assert len(mesh.faces) == 4
    assert mesh.visual.vertex_colors[:, :3].tolist() == [[255, 0, 0]] * 12
    assert served.client.get(served.url("red.txt", "/view.glb")).status_code == 404


@pytest.mark.parametrize(
    ("path", "tail"),
    [
        ("pictures/red.png", ""),
        ("pictures/red.png", "/thumb"),
        ("red.txt", "/thumb"),
        ("solids/red.ply", "/turn"),
        ("solids/red.ply", "/view.glb"),
    ],
)
def test_a_head_is_answered_as_a_get_without_the_body(served, path, tail):
    got = served.client.get(served.url(path, tail))
    head = served.client.head(served.url(path, tail))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers
    assert int(head.headers["Content-Length"]) == len(got.content) > 0


def test_a_head_of_what_is_not_there_is_not_found(served):
    assert served.client.head("/media/colours/999999/thumb").status_code == 404
    assert served.client.head(served.url("red.txt", "/turn")).status_code == 404
