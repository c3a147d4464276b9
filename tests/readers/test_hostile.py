"""Whatever bytes a file holds, reading it gives media or a `MediaError`, and soon."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.readers import made
from xmr_core.errors import MediaError
from xmr_core.media import Audio, Image, Media, Mesh, Text, Video
from xmr_core.readers import Limits, detect, read

# Small, so that a mutation that asks for much is refused and does not cost much.
LIMITS = Limits(
    file_bytes=1 << 22,
    unpacked_bytes=1 << 23,
    pixels=1 << 20,
    seconds=10,
    faces=20_000,
    characters=100_000,
    pages=100,
)
# Decoding films takes most of the time.
EXAMPLES = {name: 25 if name in made.FILMS else 80 for name in made.FILES}


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with some bytes changed, cut out, put in twice or broken off."""
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        if not found:
            break
        # half of the places are near the beginning, where headers are
        span = draw(st.sampled_from([min(len(found), 200), len(found)]))
        at = draw(st.integers(0, span - 1))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(["change", "extreme", "cut", "twice", "break off"])):
            case "change":
                found[at] = draw(st.integers(0, 255))
            case "extreme":
                filler = draw(st.sampled_from([b"\xff", b"\0", b"\x7f", b"9", b"-"]))
                width = draw(st.sampled_from([1, 2, 4, 8]))
                found[at : at + width] = filler * len(found[at : at + width])
            case "cut":
                del found[at : at + length]
            case "twice":
                found[at:at] = found[at : at + length]
            case "break off":
                if draw(st.booleans()):
                    del found[at:]
    return bytes(found)


def check(media: Media) -> None:
    """What every encoder takes for granted."""
    match media:
        case Image():
            assert media.pixels.dtype == np.uint8 and media.pixels.ndim == 3
            assert media.pixels.shape[2] == 3 and media.pixels.size
        case Audio():
            assert len(media.samples) and np.isfinite(media.samples).all()
            assert np.abs(media.samples).max() <= 1
        case Video():
            assert len(media.frames) == len(media.seconds) > 0
            assert np.isfinite(media.seconds).all()
        case Text():
            assert media.text.strip()
            assert all(0 <= s.start <= s.end <= len(media.text) for s in media.sections)
        case Mesh():
            assert np.isfinite(media.vertices).all() and len(media.faces)
            assert media.faces.min() >= 0 and media.faces.max() < len(media.vertices)
            assert len(media.colours) == len(media.faces)
    assert all(np.isfinite(value) for value in media.facts.values())


@pytest.mark.parametrize("name", made.FILES)
def test_no_mutation_of_a_real_file_raises_anything_else(name: str, tmp_path: Path) -> None:
    path = tmp_path / name

    @settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations(made.content(name)))
    def attempt(data: bytes) -> None:
        path.write_bytes(data)
        begun = time.perf_counter()
        try:
            detect(path)
            check(read(path, LIMITS))
        except MediaError as error:
            assert error.path == path and name in str(error) and error.reason
        assert time.perf_counter() - begun < 10

    attempt()


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(data=st.binary(max_size=400), suffix=st.sampled_from(["", ".obj", ".stl", ".off", ".txt"]))
def test_no_bytes_raise_anything_else(
    data: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"bytes{suffix}"
    path.write_bytes(data)
    try:
        check(read(path, LIMITS))
    except MediaError as error:
        assert error.path == path
