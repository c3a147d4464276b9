from pathlib import Path

from xmr_core import paths


def test_the_checkouts_own_folders_are_used_in_a_checkout(monkeypatch):
    monkeypatch.delenv("XMR_HOME", raising=False)
    checkout = Path(__file__).resolve().parents[1]
    assert paths.indexes_dir() == checkout / "indexes"
    assert paths.assets_dir() == checkout / "assets"


def test_home_and_cache_may_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XMR_HOME", "~/place")
    monkeypatch.setenv("XMR_CACHE", "~/cache")
    assert paths.indexes_dir() == tmp_path / "place" / "indexes"
    assert paths.cache_dir() == tmp_path / "cache"


def test_an_installed_package_keeps_to_the_users_folders(monkeypatch, tmp_path):
    monkeypatch.delenv("XMR_HOME", raising=False)
    monkeypatch.delenv("XMR_CACHE", raising=False)
    package = tmp_path / "site-packages" / "xmr_core"
    (package / "assets").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.assets_dir() == package / "assets"
    assert not paths.indexes_dir().is_relative_to(tmp_path)
    assert paths.indexes_dir().name == "indexes" and "xmr" in paths.cache_dir().parts
