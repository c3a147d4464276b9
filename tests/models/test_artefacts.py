import hashlib
import re

import pytest

from xmr_core.errors import ModelError
from xmr_core.models import (
    ARTEFACTS,
    HubFile,
    LocalFile,
    PackageFile,
    WheelFile,
    artefact,
    fetch,
    locate,
    verify,
)

NEEDED = ("minilm-l6-v2", "minilm-l6-v2-tokenizer", "minilm-l6-v2-config", "efficientnet-lite2")


def test_every_record_is_complete_and_no_two_share_a_name_in_the_cache():
    for name, record in ARTEFACTS.items():
        assert record.name == name
        assert re.fullmatch(r"[0-9a-f]{64}", record.sha256), name
        assert record.size > 0
        assert record.licence in ("Apache-2.0", "CC-BY-4.0"), name
        assert record.about
        assert record.sources, name
        assert all(
            isinstance(s, PackageFile | WheelFile | HubFile | LocalFile) for s in record.sources
        )
    assert len({record.filename for record in ARTEFACTS.values()}) == len(ARTEFACTS)
    assert len({record.sha256 for record in ARTEFACTS.values()}) == len(ARTEFACTS)


def test_wheels_are_pinned_to_a_version():
    for record in ARTEFACTS.values():
        for source in record.sources:
            if isinstance(source, WheelFile):
                assert re.fullmatch(r"[\w-]+==\d+(\.\d+)+", source.requirement)
                assert source.size >= 0.8 * record.size  # weights hardly compress


@pytest.mark.parametrize("name", NEEDED)
def test_what_the_default_profile_needs_comes_with_its_dependencies(name):
    path = locate(name)
    assert path is not None
    record = artefact(name)
    assert path.stat().st_size == record.size
    assert hashlib.sha256(path.read_bytes()).hexdigest() == record.sha256
    assert verify(name)
    assert fetch(name) == path  # used in place, not copied


def test_unknown_name_is_refused_with_those_there_are():
    for call in (artefact, locate, verify, fetch):
        with pytest.raises(ModelError, match=r"no weights named 'other'.*efficientnet-lite0"):
            call("other")
