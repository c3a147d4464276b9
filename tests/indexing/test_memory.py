import subprocess
import sys

import pytest

from tests.indexing.world import run, write_text
from xmr_core.indexing import memory
from xmr_core.indexing import run as running

CHILD = """
import psutil
from xmr_core.indexing.memory import give_back

def held():
    return psutil.Process().memory_info().rss >> 20

begun = held()
some = [b"x" * 100_000 for _ in range(4_000)]  # each small enough for the heap
kept = some[::40]
del some
between = held() - begun
give_back()
print(between, held() - begun)
"""


@pytest.mark.skipif(memory._trim() is None, reason="only glibc's heap is given back")
def test_what_is_free_between_what_is_kept_goes_back_to_the_system():
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert before > 300 and after < 60  # MiB; a fortieth is kept


def test_where_the_library_is_another_nothing_is_done(monkeypatch):
    memory._trim.cache_clear()
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    try:
        assert memory._trim() is None
        memory.give_back()
    finally:
        memory._trim.cache_clear()


def test_a_run_gives_back_now_and_then(library, media, monkeypatch):
    given = []
    monkeypatch.setattr(running, "give_back", lambda: given.append(1))
    for i in range(3):
        write_text(media / f"{i}.txt", "red")
    assert run(library, media).added == 3 and not given  # it was soon over
    monkeypatch.setattr(running, "_HOLD", 0.0)
    write_text(media / "more.txt", "green")
    assert run(library, media).added == 1 and given
