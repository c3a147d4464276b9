"""The page of commands says what the program says."""

from tools.write_commands import FILE, document


def test_the_page_of_commands_is_what_help_tells():
    assert FILE.read_text("utf-8") == document(), "run: python tools/write_commands.py"
