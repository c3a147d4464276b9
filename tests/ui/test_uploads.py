"""Files handed over as queries: read, kept apart, limited."""

import asyncio

import pytest

from xmr_core.errors import OversizedMedia, QueryError
from xmr_core.media import Modality, media_bytes
from xmr_core.ui import uploads


def kept(site):
    """The query files that lie on the disk, thumbnails included."""
    folder = site.context.uploads.place("a").parent
    return list(folder.iterdir())


def send(site, name, data):
    return site.client.post("/query-file", params={"name": name}, content=data)


def test_a_file_becomes_a_token_with_its_medium_and_a_picture(site):
    data = (site.media / "pictures/blue.png").read_bytes()
    told = send(site, "blue.png", data).json()
    assert (told["name"], told["modality"]) == ("blue.png", "image")
    assert site.client.get(f"/query-file/{told['token']}").content == data
    thumb = site.client.get(f"/query-file/{told['token']}/thumb")
    assert (thumb.status_code, thumb.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    ("path", "modality"),
    [
        ("red.txt", "text"),
        ("sounds/red.wav", "audio"),
        ("films/red.gif", "video"),
        ("solids/red.ply", "mesh"),
    ],
)
def test_every_medium_can_be_a_query_whatever_its_name_says(site, path, modality):
    data = (site.media / path).read_bytes()
    suffix = "" if modality == "text" else ".bin"
    name = path.rpartition("/")[2] if modality in {"text", "mesh"} else f"something{suffix}"
    assert send(site, name, data).json()["modality"] == modality


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\me\\cat.png", "cat.png"),
        ("a\0b.png", "a\0b.png"),
        ("日本語 🐈.png", "日本語 🐈.png"),
        ("x" * 300 + ".png", "x" * 300 + ".png"),
        (".." * 3, "file"),
    ],
)
def test_a_name_from_the_browser_never_becomes_a_path(site, name, shown):
    data = (site.media / "pictures/red.png").read_bytes()
    told = send(site, name, data).json()
    assert told["name"] in {shown, name}
    upload = site.context.uploads.get(told["token"])
    assert upload.path.parent == site.context.uploads.place("a").parent
    assert upload.path.stem == told["token"]
    assert len(told["token"]) >= 20


@pytest.mark.parametrize(
    ("name", "data", "status", "message"),
    [
        ("nothing.png", b"", 422, "nothing.png is empty"),
        ("torn.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 422, "torn.png"),
        ("what.xyz", bytes(range(256)) * 9, 415, "what.xyz"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_the_name_the_user_gave_it(
    site, name, data, status, message
):
    answer = send(site, name, data)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["message"].startswith(message)
    assert error["hint"]
    assert not kept(site)


def test_a_file_over_the_limit_is_refused_and_not_kept(site, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    answer = send(site, "long.txt", b"red " * 1000)
    assert answer.status_code == 413
    assert "larger than" in answer.json()["error"]["message"]
    assert not kept(site)


def test_a_page_handed_over_cannot_run(site):
    told = send(site, "page.html", b"<html><script>alert(1)</script>red</html>").json()
    answer = site.client.get(f"/query-file/{told['token']}")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["x", "..%2f..%2fetc%2fpasswd", "%2e%2e", "a" * 500])
def test_a_token_that_nobody_was_given_is_not_found(site, token):
    assert site.client.get(f"/query-file/{token}").status_code == 404
    assert site.client.get(f"/query-file/{token}/thumb").status_code == 404


def test_the_oldest_files_make_room_for_new_ones(site, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILES", 3)
    tokens = [send(site, f"{i}.txt", b"red").json()["token"] for i in range(5)]
    with pytest.raises(QueryError, match="no longer here"):
        site.context.uploads.get(tokens[0])
    assert site.context.uploads.get(tokens[4]).name == "4.txt"
    assert len([path for path in kept(site) if path.suffix == ".txt"]) == 3


def test_what_is_decoded_of_files_is_bounded_and_read_again(site, monkeypatch):
    held = site.context.uploads
    sound = (site.media / "sounds/red.wav").read_bytes()
    tokens = [send(site, f"{i}.wav", sound).json()["token"] for i in range(4)]
    one = media_bytes(held.get(tokens[0]).media)
    assert held.nbytes == 4 * one
    monkeypatch.setattr(uploads, "MAX_MEMORY", 2 * one)
    send(site, "fifth.wav", sound)
    assert held.nbytes == 2 * one
    again = held.get(tokens[0]).media
    assert len(again.samples) * 4 == one and held.nbytes == 2 * one
    assert held.get(tokens[0]).media is again
    monkeypatch.setattr(uploads, "MAX_MEMORY", 1)
    assert held.get(tokens[1]).modality == "audio" and held.get(tokens[1]).media
    assert held.nbytes == one  # the last one stays


def test_files_make_room_on_the_disk_too(site, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_DISK", 8)
    tokens = [send(site, f"{i}.txt", b"red ").json()["token"] for i in range(3)]
    first = uploads.Upload(tokens[0], "0.txt", Modality.TEXT, site.home / "0.txt", 4, "",
                           site.context.uploads._media)  # fmt: skip
    with pytest.raises(QueryError, match="no longer here"):
        site.context.uploads.get(tokens[0])
    with pytest.raises(QueryError, match="no longer here"):
        _ = first.media  # whoever still has it is told
    assert site.context.uploads.get(tokens[1]).media.text.strip() == "red"
    assert len([path for path in kept(site) if path.suffix == ".txt"]) == 2


class Away(Exception):
    """The browser is gone."""


async def pieces(*given):
    for piece in given:
        if isinstance(piece, Exception):
            raise piece
        yield piece


def test_a_file_that_is_broken_off_on_the_way_leaves_nothing(site):
    held = site.context.uploads
    with pytest.raises(Away):
        asyncio.run(uploads.received(held, pieces(b"red ", Away()), "red.txt"))
    assert not kept(site)
    assert send(site, "red.txt", b"red").status_code == 200


def test_files_that_arrive_together_are_bounded_together(site, monkeypatch):
    """Twenty of 512 MB each, none of them whole, would fill the disk."""
    monkeypatch.setattr(uploads, "MAX_DISK", 100)
    held = site.context.uploads

    async def together():
        rest = asyncio.Event()

        async def slow():
            yield b"r" * 90
            await rest.wait()
            yield b" red"

        first = asyncio.create_task(uploads.received(held, slow(), "slow.txt"))
        await asyncio.sleep(0)
        with pytest.raises(OversizedMedia, match="too many others at once"):
            await uploads.received(held, pieces(b"g" * 20), "second.txt")
        assert (await uploads.received(held, pieces(b"blue"), "blue.txt")).name == "blue.txt"
        rest.set()
        assert (await first).name == "slow.txt"
        assert (await uploads.received(held, pieces(b"g" * 20), "second.txt")).name == "second.txt"

    asyncio.run(together())


def test_the_files_go_when_the_server_stops(site):
    folder = site.context.uploads.place("a").parent
    assert folder.is_dir()
    site.context.uploads.close()
    assert not folder.exists()


@pytest.mark.parametrize("tail", ["", "/thumb"])
def test_a_head_of_a_query_file_is_answered_as_a_get_without_the_body(site, tail):
    data = (site.media / "pictures/red.png").read_bytes()
    token = send(site, "red.png", data).json()["token"]
    head = site.client.head(f"/query-file/{token}{tail}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == site.client.get(f"/query-file/{token}{tail}").headers
