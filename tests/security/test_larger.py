"""What is for more than one machine: off unless asked for, and by whom."""

import ipaddress
import os
import subprocess
import sys

import psutil
import pytest
from pydantic import ValidationError

from xmr_core.errors import LibraryError
from xmr_core.stores import open_store, parse
from xmr_core.ui.rest.asking import LibraryGiven, RunGiven


def test_an_address_of_a_store_is_kept_without_a_password():
    for address in ("http://ada:secret@host:19530", "https://secret@host:19530"):
        with pytest.raises(LibraryError) as refused:
            parse(f"milvus:{address}")
        assert "password" in str(refused.value) and "secret" not in str(refused.value)


def test_a_store_in_a_file_listens_on_this_machine_alone(tmp_path):
    pytest.importorskip("milvus_lite")
    before = _heard()
    store = open_store(f"milvus:{tmp_path / 'vectors.db'}", tmp_path / "index", "abc")
    try:
        store.reach()
        heard = [ipaddress.ip_address(address) for address, _ in _heard() - before]
        assert heard and all(
            (getattr(one, "ipv4_mapped", None) or one).is_loopback for one in heard
        ), heard
    finally:
        store.close()


def _heard():
    """(address, port) that this process and its children listen on over a network."""
    me = psutil.Process()
    return {
        (one.laddr.ip, one.laddr.port)
        for process in (me, *me.children(recursive=True))
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    }


@pytest.mark.parametrize("kind", [RunGiven, LibraryGiven])
@pytest.mark.parametrize("field", ["workers", "store"])
def test_no_visitor_can_have_workers_or_a_store_started(kind, field):
    sound = {"name": "a"} if kind is LibraryGiven else {}
    kind(**sound)
    with pytest.raises(ValidationError):
        kind(**sound, **{field: "local"})


def test_workers_are_off_unless_the_command_asks_for_them(tmp_path):
    """Ray listens on all networks and runs what it is sent: see the threats."""
    program = (
        "import sys; from xmr_core.library import Library\n"
        "from tests.named import registered; from tests.indexing import world; import pathlib\n"
        "media = pathlib.Path(sys.argv[1]); world.write_text(media / 'red.txt', 'red')\n"
        "with registered(), Library.create('a', 'colours', media.parent / 'home') as library:\n"
        "    list(library.index(media)); assert library.counts()\n"
        "sys.exit(int('ray' in sys.modules))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "media"], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
