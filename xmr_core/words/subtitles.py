"""Subtitles of videos: in files beside them and in streams inside them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xmr_core import readers
from xmr_core.catalogue import Line
from xmr_core.errors import MediaError
from xmr_core.indexing import Found
from xmr_core.media import Item, Modality
from xmr_core.readers import LIMITS, container, source, subtitles, text

if TYPE_CHECKING:
    from av.container import InputContainer

_BESIDE = frozenset({".srt", ".vtt"})
_STYLED = re.compile(r"^(?:[^,]*,){8}", re.DOTALL)  # what stands before the words of an ASS event
_MOST = 20_000  # lines of one video


class Subtitles:
    """Lines of the field ``subtitles``, with their seconds."""

    name = "subtitles"
    version = "1"
    modalities = frozenset({Modality.VIDEO})
    fields: tuple[str, ...] = ("subtitles",)
    kinds: tuple[str, ...] = ()
    threads = 2

    def look(self, item: Item) -> Found:
        """Those beside one video, and those inside it; what both say is kept once."""
        found = [*_beside(item.file), *_inside(item.file)]
        kept = {(round(start, 1), words): (start, end, words) for start, end, words in found}
        return Found(
            [
                Line("subtitles", " ".join(words.split()), (start,), (end,))
                for start, end, words in sorted(kept.values())[:_MOST]
                if words.strip()
            ]
        )


def files_beside(video: Path) -> list[Path]:
    """Files of subtitles in a video's folder that are called as it is: film.srt, film.de.vtt."""
    stem = video.stem
    return sorted(
        path
        for path in video.parent.iterdir()
        if path.suffix.lower() in _BESIDE
        and (path.stem == stem or path.stem.startswith(f"{stem}."))
    )


def _beside(video: Path) -> Iterator[tuple[float, float, str]]:
    for path in files_beside(video):
        try:
            with source.opened(path) as file:
                yield from subtitles.timed(text.decode(file, file.whole(LIMITS.text_bytes)))
        except MediaError:  # it is an item of its own, and says there why it cannot be read
            continue


def _inside(video: Path) -> Iterator[tuple[float, float, str]]:
    import av

    with readers.known(video) as (file, kind), container.opened(file, kind) as box:
        for number in range(len(box.streams.subtitles)):
            try:
                yield from _stream(box, number)
            except (av.FFmpegError, ValueError, EOFError):
                continue


def _stream(box: "InputContainer", number: int) -> Iterator[tuple[float, float, str]]:
    stream = box.streams.subtitles[number]
    box.seek(0)
    for packet in box.demux(stream):
        if packet.pts is None or packet.time_base is None:
            continue
        start = float(packet.pts * packet.time_base)
        end = start + float((packet.duration or 0) * packet.time_base)
        for part in packet.decode():
            for words in _words(part):
                yield start, end, words


def _words(part: object) -> Iterator[str]:
    """The words of one decoded subtitle; pictures of writing have none."""
    styled = getattr(part, "ass", None)
    if styled:
        raw = styled.decode("utf-8", "replace") if isinstance(styled, bytes) else str(styled)
        yield subtitles.plain(_STYLED.sub("", raw, count=1).replace("\\N", "\n"))
