import pytest


@pytest.fixture
def served(monkeypatch):
    """What the application would have been started with."""
    seen = {}
    monkeypatch.setattr("xmr_core.ui.app.serve", lambda **given: seen.update(given))
    return seen


def test_no_password_is_asked_unless_it_is_wanted(xmr, served):
    assert xmr("app")[0] == 0
    assert (served["host"], served["password"]) == ("127.0.0.1", None)


def test_a_password_comes_from_the_environment(xmr, served, monkeypatch):
    monkeypatch.setenv("XMR_PASSWORD", "open sesame")
    assert xmr("app", "--host", "0.0.0.0")[0] == 0
    assert served["password"] == "open sesame"


def test_a_password_is_asked_for_where_it_is_wanted(xmr, served, monkeypatch):
    asked = {}

    def prompt(what, **how):
        asked.update(how)
        return "open sesame"

    monkeypatch.setattr("typer.prompt", prompt)
    assert xmr("app", "--password")[0] == 0
    assert served["password"] == "open sesame"
    assert asked == {"hide_input": True, "confirmation_prompt": True}


def test_a_short_password_is_refused(xmr, served, monkeypatch):
    monkeypatch.setenv("XMR_PASSWORD", "sesame")
    status, _, err = xmr("app")
    assert status == 1 and "it has 6 characters" in err and served == {}
