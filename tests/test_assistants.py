"""Libraries through the Model Context Protocol, as an assistant's client asks."""

import asyncio
import os
import sys

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests import named
from tests.indexing.world import write_picture, write_sound, write_text
from xmr_core.assistants import Tools, server
from xmr_core.library import Library


@pytest.fixture
def library(tmp_path):
    with named.registered():
        media = tmp_path / "media"
        write_picture(media / "green.png", "green")
        write_sound(media / "blue.wav", "blue")
        write_text(media / "red.txt", "red")
        with Library.create("hues", "colours", tmp_path / "home") as made:
            for _ in made.index(media):
                pass
            yield made


@pytest.fixture
def ask(library, tmp_path):
    """Call a tool as an assistant does; (whether it went wrong, what came)."""
    tools = Tools(tmp_path / "home")

    async def called(name, given):
        async with Client(server(tools)) as client:
            return await client.call_tool(name, given)

    def call(name, **given):
        answer = asyncio.run(called(name, given))
        first = answer.content[0] if answer.content else None
        return bool(answer.is_error), answer.structured_content or getattr(first, "text", first)

    yield call
    tools.close()


def test_the_tools_are_listed_with_what_they_take_and_change_nothing(library, tmp_path):
    async def listed():
        async with Client(server(Tools(tmp_path / "home"))) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {"libraries", "search", "more_like", "item", "look"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert set(tools["search"].input_schema["properties"]) == {
        *("words", "file", "without", "media", "library", "k"),
    }


def test_libraries_are_told_with_what_they_hold(ask):
    wrong, told = ask("libraries")
    assert not wrong
    assert told["result"] == [
        {"name": "hues", "profile": "colours", "items": {"text": 1, "image": 1, "audio": 1}}
    ]


def test_words_find_items_of_every_medium(ask, tmp_path):
    wrong, found = ask("search", words="green", k=3)
    assert not wrong
    assert found["hits"][0]["path"] == str(tmp_path / "media/green.png")
    assert found["hits"][0]["library"] == "hues"
    assert [
        hit["modality"] for hit in ask("search", words="green", media=["audio"])[1]["hits"]
    ] == ["audio"]


def test_a_file_finds_things_like_it(ask, tmp_path):
    write_sound(tmp_path / "query.wav", "blue")
    found = ask("search", file=str(tmp_path / "query.wav"))[1]
    assert found["hits"][0]["path"].endswith("blue.wav")


def test_an_item_finds_others_like_it_and_is_told_with_its_passages(ask, library):
    text = library.search("red", to=["text"], k=1).hits[0].item
    assert ask("item", library="hues", item=text.id)[1]["parts"] == [{"label": "", "text": "red"}]
    like = ask("more_like", library="hues", item=text.id)[1]["hits"]
    assert text.id not in [hit["id"] for hit in like] and len(like) == 2


def test_a_picture_of_an_item_can_be_looked_at(ask, library):
    picture = library.search("green", to=["image"], k=1).hits[0].item
    wrong, image = ask("look", library="hues", item=picture.id)
    assert not wrong and image.mime_type == "image/webp" and len(image.data) > 50


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("search", {}, "nothing to look for"),
        ("search", {"words": "red", "k": 0}, "Ask for 1 to 100"),
        ("search", {"words": "red", "media": ["smell"]}, "The media are"),
        ("search", {"words": "red", "library": "absent"}, "There is no library 'absent'"),
        ("search", {"file": "/nowhere/a.png"}, "a.png"),
        ("more_like", {"library": "hues", "item": 99}, "no item 99"),
        ("item", {"library": "hues", "item": 99}, "no item 99"),
        ("look", {"library": "hues", "item": 99}, "no picture of item 99"),
        ("search", {"k": "many"}, "k"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(ask, tool, given, said):
    wrong, told = ask(tool, **given)
    assert wrong and said in told and "Traceback" not in told


def test_the_command_serves_through_its_pipes(tmp_path):
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "xmr_core.cli", "mcp"],
        env={**os.environ, "XMR_HOME": str(tmp_path)},
    )

    async def asked():
        async with Client(stdio_client(command)) as client:
            return await client.call_tool("search", {"words": "red"})

    answer = asyncio.run(asked())
    assert answer.is_error and "There is no library yet" in answer.content[0].text


def test_without_the_package_it_is_said_how_to_have_it(monkeypatch, tmp_path):
    from xmr_core.errors import ModelError

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(ModelError, match=r"pip install 'xmr\[mcp\]'"):
        server(Tools(tmp_path))
