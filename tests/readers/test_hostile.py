"""Whatever bytes a file holds, reading it gives media or a `MediaError`, and soon.

Real files that were spoiled are read by `tests.soak.fuzzing`, in a process that may crash.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.soak.mutations import check
from xmr_core.errors import MediaError
from xmr_core.readers import Limits, read

# Small, so that bytes that ask for much are refused and do not cost much.
LIMITS = Limits(
    file_bytes=1 << 22,
    unpacked_bytes=1 << 23,
    pixels=1 << 20,
    seconds=10,
    faces=20_000,
    characters=100_000,
    pages=100,
)


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
