"""Every line of docs/threats.md has a test, and every test that it names is there."""

import re
from pathlib import Path

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs/threats.md").read_text("utf-8")
NAMED = re.compile(r"`(test_\w+)`")


def test_every_test_that_the_threats_name_is_there():
    written = "\n".join(path.read_text("utf-8") for path in (TOP / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^ *(?:async )?def (test_\w+)\(", written, re.MULTILINE))
    named = set(NAMED.findall(PAGE))
    assert len(named) > 50
    assert named <= there, sorted(named - there)


def test_every_threat_names_what_stops_it_and_a_test():
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    threats = [row for row in rows[2:] if not row[0].startswith("**")]
    assert len(threats) > 25
    for row in threats:
        assert len(row) == 3 and row[1].strip() and NAMED.search(row[2]), row
