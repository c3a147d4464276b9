"""Write ``assets/words/sentences.txt``: plain sentences about what libraries hold.

Captions are chosen among them where a library brings none of its own. They are put together
from our own settings (``tools/words/scenes.txt``: who does what where) and patterns
(``tools/words/plain.txt``); none is taken from a data set. What is joined is checked: articles
fit, no word comes twice, nothing is longer than people's captions are.

    python tools/make_sentences.py
"""

import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from xmr_core.paths import assets_dir

WORDS = Path(__file__).parent / "words"
ALONE, TOGETHER = 330, 110  # sentences of a setting about one, and about several
DOGS = 3  # as many times of the setting that people take most pictures of
PLAIN = 260  # sentences of a pattern at most
LONGEST = 16  # words
_PLACED = 0.45  # share of sentences that say where
_EMPTY = frozenset(re.findall(r"\w+", "a an the of on in at to with and is are its by for from it"))
_PREPOSITIONS = (
    " (in|on|at|near|through|by|along|over|from|into|under|beside|past|with|during|to|above|"
    "behind|of|across|around|up|down|off) "
)


def settings() -> dict[str, dict[str, list[str]]]:
    """Setting → list's name → entries."""
    found: dict[str, dict[str, list[str]]] = {}
    block: dict[str, list[str]] = {}
    for line in (WORDS / "scenes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            block = found.setdefault(line.strip("[]"), {})
        elif ":" in line and not line.startswith("#"):
            name, entries = line.split(":", 1)
            block[name] = [entry.strip() for entry in entries.split(";")]
    return found


def patterns() -> tuple[list[str], dict[str, list[str]]]:
    """Patterns, and the lists that fill them."""
    shapes, lists = [], {}
    for line in (WORDS / "plain.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            shapes.append(line[2:])
        elif ":" in line and not line.startswith("#"):
            name, entries = line.split(":", 1)
            lists[name] = [entry.strip() for entry in entries.split(";")]
    return shapes, lists


def tidy(text: str) -> str:
    """With the article that fits, a capital letter and a full stop.

    >>> tidy("a apple and a old clock")
    'An apple and an old clock.'
    """
    text = re.sub(r"\b([Aa]) (?=[aeiou](?!ne\b|ni))", r"\1n ", text)
    text = text.replace("an uni", "a uni").replace("A scissors", "Scissors")
    text = re.sub(r"\b([Aa]) ((?:\w+ )?(?:scissors|headphones|dice))\b", r"\2", text)
    text = re.sub(r"^an? (.*\bbread)\b", r"A \1", text)
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def sound(text: str) -> bool:
    """Whether a sentence can stand: no word that means something twice, not too long.

    >>> sound("A dog runs."), sound("A dog plays with a dog."), sound("On sand by the sand.")
    (True, False, False)
    """
    words = re.findall(r"[a-z0-9']+", text.lower())
    telling = [re.sub("(?<=..)s$", "", word) for word in words if word not in _EMPTY]
    return len(words) <= LONGEST and len(set(telling)) == len(telling)


def acted(lists: Mapping[str, list[str]], times: int, rng: random.Random) -> Iterator[str]:
    """Sentences of one setting: about one, and about several."""
    for who, does, most in (("who", "does", ALONE), ("many", "they", TOGETHER)):
        made: set[str] = set()
        for _ in range(most * times * 3):
            text = f"{rng.choice(lists[who])} {rng.choice(lists[does])}"
            if rng.random() < _PLACED:
                place = rng.choice(lists["where"])
                if len(re.findall(_PREPOSITIONS, f" {text} ")) < 2:
                    text = f"{text} {place}"
            text = tidy(text)
            if sound(text) and text not in made:
                made.add(text)
                yield text
            if len(made) == most * times:
                break


def plain(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Sentences about what is not done by anybody, each with how it can be met (see `main`)."""
    shapes, lists = patterns()
    for shape in shapes:
        slots = re.findall(r"\{(\w+)\}", shape)
        if len(slots) == 1:
            filled = [shape.replace(f"{{{slots[0]}}}", entry) for entry in lists[slots[0]]]
        else:
            filled = [
                re.sub(r"\{(\w+)\}", lambda slot: rng.choice(lists[slot[1]]), shape)
                for _ in range(PLAIN)
            ]
        for text in filled:
            made = tidy(text)
            if sound(made):
                heard = "{sound}" in shape or "The sound" in shape
                yield made, "h" if heard else "m" if "3D" in shape else "s"


def sentences(rng: random.Random) -> dict[str, str]:
    """All of them, each once, with how it can be met."""
    made: dict[str, str] = {}
    for name, lists in settings().items():
        made |= dict.fromkeys(acted(lists, DOGS if name == "dog" else 1, rng), "s")
    for text, how in plain(rng):
        made.setdefault(text, how)
    return made


def main() -> None:
    """Write the file: s for what can be seen, h for what is heard, m for what models are."""
    file = assets_dir() / "words" / "sentences.txt"
    lines = [f"{how}\t{text}" for text, how in sentences(random.Random(0)).items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{file}: {len(lines)} sentences, {file.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
