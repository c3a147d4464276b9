import shutil
import threading
import time

import pytest

from xmr_core.watching import Watcher, watcher


class Following:
    """A watcher at work in a thread of its own; what it noticed so far."""

    def __init__(self, roots, **options):
        self.stop, self.noticed = threading.Event(), []
        options.setdefault("remote", lambda _: False)
        self.watcher = Watcher(lambda: roots, self.stop, **options)
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def _follow(self):
        for noticed in self.watcher:
            self.noticed.append(noticed)

    def folders(self):
        return [folder for noticed in self.noticed for folder in noticed.folders]

    def until(self, true, seconds=20.0):
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.noticed
            time.sleep(0.05)


@pytest.fixture
def follow(monkeypatch):
    """Starts watchers that settle and look round quickly, and stops them at the end."""
    monkeypatch.setattr("xmr_core.watching.settling._QUIET", 0.3)
    monkeypatch.setattr(watcher, "_TICK", 0.1)
    begun = []

    def start(*roots, **options):
        begun.append(Following(list(roots), **options))
        begun[-1].until(lambda: begun[-1].noticed or not roots)
        return begun[-1]

    yield start
    for following in begun:
        following.stop.set()
        following.thread.join(10)
        assert not following.thread.is_alive()


def test_everything_is_looked_through_at_first(follow, tmp_path):
    (tmp_path / "a").mkdir()
    assert follow(tmp_path / "a").folders() == [tmp_path / "a"]


def test_a_new_file_deep_inside_is_noticed(follow, tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    watching = follow(tmp_path)
    (deep / "new.jpg").write_bytes(b"x")
    watching.until(lambda: deep in watching.folders())


def test_a_file_in_a_new_folder_and_one_that_is_deleted_are_noticed(follow, tmp_path):
    (tmp_path / "old.jpg").write_bytes(b"x")
    watching = follow(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.wav").write_bytes(b"x")
    watching.until(lambda: any(f in (tmp_path, tmp_path / "new") for f in watching.folders()[1:]))
    seen = len(watching.folders())
    (tmp_path / "old.jpg").unlink()
    watching.until(lambda: tmp_path in watching.folders()[seen:])


def test_a_folder_that_was_deleted_is_told_as_the_one_that_held_it(follow, tmp_path):
    gone = tmp_path / "a" / "b"
    gone.mkdir(parents=True)
    (gone / "c.jpg").write_bytes(b"x")
    watching = follow(tmp_path)
    shutil.rmtree(tmp_path / "a")
    watching.until(lambda: len(watching.folders()) > 1)
    assert watching.folders()[1:] == [tmp_path]


def test_what_no_run_would_see_is_not_noticed(follow, tmp_path):
    (tmp_path / ".git").mkdir()
    watching = follow(tmp_path)
    (tmp_path / ".git" / "a.txt").write_bytes(b"x")
    (tmp_path / "download.part").write_bytes(b"x")
    (tmp_path / "~$letter.docx").write_bytes(b"x")
    time.sleep(1.5)
    assert watching.folders() == [tmp_path]


def test_a_flood_of_files_is_one_look(follow, tmp_path):
    watching = follow(tmp_path)
    for number in range(2000):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    watching.until(lambda: len(watching.folders()) > 1)
    time.sleep(1.0)
    assert watching.folders() == [tmp_path, tmp_path]


def test_a_folder_that_is_away_is_waited_for_and_gone_through_when_it_is_back(follow, tmp_path):
    root = tmp_path / "disk"
    root.mkdir()
    watching = follow(root)
    root.rename(tmp_path / "elsewhere")
    watching.until(lambda: watching.noticed[-1].away == (root,))
    assert watching.noticed[-1].folders == ()
    (tmp_path / "elsewhere").rename(root)
    watching.until(lambda: watching.noticed[-1].folders == (root,))
    assert watching.noticed[-1].away == ()
    (root / "new.jpg").write_bytes(b"x")  # and it is watched again
    watching.until(lambda: len(watching.folders()) > 2)


def test_a_root_that_is_not_there_at_first_is_waited_for(follow, tmp_path):
    root = tmp_path / "later"
    watching = follow(root)
    assert (watching.noticed[0].folders, watching.noticed[0].away) == ((), (root,))
    root.mkdir()
    watching.until(lambda: watching.folders() == [root])


def test_a_share_of_the_network_is_gone_through_now_and_then(follow, tmp_path, monkeypatch):
    monkeypatch.setattr(watcher, "_SWEEP", 0.5)
    watching = follow(tmp_path, remote=lambda _: True)
    assert watching.noticed[0].swept == (tmp_path,)
    watching.until(lambda: len(watching.folders()) >= 3)


def test_where_the_system_watches_no_more_folders_they_are_gone_through(
    follow, tmp_path, monkeypatch
):
    def refuse(*_, **__):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    monkeypatch.setattr(watcher, "_SWEEP", 0.5)
    watching = follow(tmp_path)
    watching.until(lambda: len(watching.folders()) >= 3)
    assert any("more folders than this system" in n.message for n in watching.noticed)


def test_what_could_not_be_looked_at_is_told_again(follow, tmp_path):
    watching = follow(tmp_path)
    watching.watcher.again([tmp_path])
    watching.until(lambda: watching.folders() == [tmp_path, tmp_path])


def test_links_are_no_way_out(follow, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(outside)
    watching = follow(tmp_path / "in")
    (outside / "new.jpg").write_bytes(b"x")
    time.sleep(1.0)
    assert watching.folders() == [tmp_path / "in"]
