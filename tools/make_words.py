"""Write ``assets/words/concepts.tsv``: what may be said of a picture, a sound or a model.

Names of things come from WordNet's nouns as timm carries them (those that have pictures in
ImageNet, people left out), the common ones only; doings, places, looks, sounds and combinations
such as "red kite" from lists of our own (``tools/words/lists.txt``, ``assets/bank/heard.txt``).
How common a name is, is told by the place of its rarest word in the vocabulary of the sentence
encoder, which is ordered by frequency. A name's kinds ("beagle: hound, dog, animal") are read
off its definition, and off its place in WordNet's files, which keep kindred together.

    python tools/make_words.py
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from heads.audio import vocabulary as sounds

from xmr_core.encoders.image import class_names
from xmr_core.models import locate
from xmr_core.paths import assets_dir

LISTS = Path(__file__).parent / "words" / "lists.txt"
LONGEST = 3  # words of a name
COMMON = 24_000  # of the encoder's 30,522 pieces
PLANTS, PLANT_COMMON = range(11_500_000, 13_200_000), 14_000  # most of them nobody tells apart
PEOPLE = range(9_600_000, 10_850_000)
FIRST_WORDS = 1_996  # pieces before these are single letters and marks
_ARTICLE = re.compile(r"^(a|an|the|some|new year's) ")
# What lies where in WordNet's files: (first, last) → what all of it is.
_RANGES: Mapping[tuple[int, int], tuple[str, ...]] = {
    (1_440_764, 1_500_000): ("fish", "animal"),
    (1_503_061, 1_625_000): ("bird", "animal"),
    (1_627_424, 1_661_090): ("frog", "amphibian", "animal"),
    (1_661_091, 1_767_660): ("reptile", "animal"),
    (1_767_661, 1_789_999): ("spider", "animal"),
    (1_789_740, 1_861_777): ("bird", "animal"),
    (1_861_778, 1_905_660): ("mammal", "animal"),
    (1_905_661, 2_000_999): ("animal",),
    (2_001_000, 2_062_017): ("bird", "animal"),
    (2_062_018, 2_083_345): ("mammal", "animal"),
    (2_083_346, 2_116_738): ("dog", "mammal", "animal"),
    (2_116_739, 2_120_996): ("mammal", "animal"),
    (2_120_997, 2_127_482): ("cat", "mammal", "animal"),
    (2_127_483, 2_159_954): ("mammal", "animal"),
    (2_159_955, 2_316_707): ("insect", "animal"),
    (2_316_708, 2_321_529): ("animal",),
    (2_321_530, 2_512_829): ("mammal", "animal"),
    (2_512_830, 2_660_000): ("fish", "animal"),
    (7_555_000, 7_880_000): ("food",),
    (7_880_001, 7_935_504): ("drink",),
    (11_500_000, 13_200_000): ("plant",),
}


def lists() -> dict[str, list[str]]:
    """Our own lists by name."""
    lines = LISTS.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {name: [entry.strip() for entry in row.split(";")] for name, row in pairs}


def pieces() -> dict[str, int]:
    """The sentence encoder's words, with their places by frequency."""
    file = locate("minilm-l6-v2-tokenizer")
    assert file is not None
    words: dict[str, int] = json.loads(file.read_text("utf-8"))["model"]["vocab"]
    return {word: place for word, place in words.items() if place >= FIRST_WORDS}


def rarest(name: str, places: Mapping[str, int]) -> int:
    """The place of a name's rarest word; beyond all where one is not known.

    >>> rarest("a red dog", {"a": 1, "red": 5, "dog": 9}), rarest("xyz", {})
    (9, 1000000)
    """
    words = re.findall(r"[a-z0-9]+", name.lower())
    return max((places.get(word, places.get(word.removesuffix("s"), 10**6)) for word in words),
               default=10**6)  # fmt: skip


def nouns(places: Mapping[str, int]) -> dict[str, tuple[int, str]]:
    """WordNet's common nouns that can be shown: name → (place in its files, definition)."""
    import timm.data

    folder = Path(timm.data.__file__).parent / "_info"

    def table(file: str) -> dict[str, str]:
        lines = (folder / file).read_text("utf-8").splitlines()
        return dict(line.split("\t", 1) for line in lines)

    names, definitions = (
        table("imagenet_synset_to_lemma.txt"),
        table("imagenet_synset_to_definition.txt"),
    )
    known = {name.split(",")[0].strip() for name in class_names()}
    left_out = frozenset(lists()["left out"])
    found: dict[str, tuple[int, str]] = {}
    rank: dict[str, int] = {}
    for synset in sorted(names):
        at = int(synset[1:])
        if at in PEOPLE or at < 400_000:
            continue
        for order, name in enumerate(names[synset].split(", ")):
            plain = name.replace("_", " ")
            most = PLANT_COMMON if at in PLANTS else COMMON
            usual = len(plain.split()) <= LONGEST and rarest(plain, places) < most
            if not (usual and len(plain) > 2) and not (order == 0 and plain in known):
                continue
            if plain.lower() in left_out or (plain.isupper() and len(plain) < 4):
                continue
            if order and rarest(plain, places) > 15_000:  # a second name has to be a usual one
                continue
            # the sense in which it is the first name; of those the one that stands first
            if plain not in found or order < rank[plain]:
                found[plain], rank[plain] = (at, definitions[synset]), order
            break
    return found


def genus(definition: str, known: Mapping[str, object]) -> str:
    """The kind that a definition puts a thing under; "" where that is no known name.

    >>> genus("a small breed of hound with short legs", {"hound": 0})
    'hound'
    >>> genus("any of numerous small songbirds; eats seeds", {"songbird": 0})
    'songbird'
    """
    text = re.split(r"[;(,]", definition.lower())[0]
    text = re.sub(r"^(any|one|either) of (the )?(numerous|various|several|many|two)? ?", "", text)
    text = re.sub(r"\b(breed|breeds|kind|type|form|species|variety|member|pair) of\b", "", text)
    text = re.split(
        r"\b(that|which|with|of|for|used|having|in|on|to|from|by|made|usually|native|or|and|where|"
        r"whose|worn|consisting|containing|designed|at|related|found|resembling|attached|as)\b",
        text,
    )[0]
    words = re.findall(r"[a-z]+", text)
    for many in (2, 1):
        name = " ".join(words[-many:])
        for form in (name, name.removesuffix("s"), name.removesuffix("es")):
            if form in known and len(words) >= many:
                return form
    return ""


def told(own: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Everyday names → what they are kinds of, as our lists say, nearest first."""
    above: dict[str, list[str]] = {}
    for key, names in own.items():
        if key.startswith("is "):
            for name in names:
                above.setdefault(name, []).append(key[3:])
    for chain in above.values():
        for kind in list(chain):
            chain += [further for further in above.get(kind, []) if further not in chain]
    return above


def kinds(
    name: str, found: Mapping[str, tuple[int, str]], everyday: Mapping[str, list[str]]
) -> list[str]:
    """What a name is a kind of, nearest first."""
    if name in everyday:
        return list(everyday[name])
    chain: list[str] = []
    at = name
    while at in found and len(chain) < 5:
        above = genus(found[at][1], found)
        if not above or above in chain or above == name:
            break
        chain.append(above)
        if above in everyday:
            chain += [kind for kind in everyday[above] if kind not in chain]
            break
        at = above
    for one in [name, *chain]:  # the last word of "racing car"
        last = one.split()[-1]
        if last != one and (last in found or last in everyday) and last not in chain:
            chain += [kind for kind in [last, *everyday.get(last, [])] if kind not in chain]
    place = found[name][0] if name in found else -1
    for (low, high), above_all in _RANGES.items():
        if low <= place <= high:
            chain += [kind for kind in above_all if kind not in chain and kind != name]
            break
    return chain


def combined(own: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Combinations of our own lists, with what each is a kind of."""
    for first, second in (("colours", "worn"), ("colours", "coloured"), ("coats", "coated"),
                          ("stuffs", "made")):  # fmt: skip
        for how in own[first]:
            for what in own[second]:
                many = what if what[-1] == "s" else f"{what}s"
                many = {"sheeps": "sheep", "puppys": "puppies", "wolfs": "wolves"}.get(many, many)
                if how == "two":
                    yield f"two {many if many != 'gooses' else 'geese'}", [what]
                else:
                    yield f"{how} {what}", [what]


def concepts() -> list[tuple[str, str, int, list[str]]]:
    """(name, how it can be met, how common 0…9, kinds) of all, the commonest first.

    "s" is for what can be seen, "h" for what can be heard.
    """
    own, places = lists(), pieces()
    everyday = told(own)
    named = nouns(places)
    phrases = [_ARTICLE.sub("", phrase.lower()) for row in sounds().values() for phrase in row]
    heard = dict.fromkeys([*own["heard"], *sounds(), *phrases])
    words_heard = {word for phrase in heard for word in re.findall(r"[a-z]+", phrase)}
    made: dict[str, tuple[set[str], list[str]]] = {}

    def add(name: str, how: str, above: list[str]) -> None:
        kept = made.setdefault(name, (set(), above))
        kept[0].update(how)

    for name in named:
        add(name, "s", kinds(name, named, everyday))
    for key in (
        "people",
        "roles",
        "doings",
        "scenes",
        "looks",
        "weather",
        "models",
        "animals",
        "foods",
    ):
        for name in own[key]:
            above = kinds(name, named, everyday)
            if key in ("animals", "foods") and not above:
                above = ["animal" if key == "animals" else "food"]
            add(name, "s", above)
    for name, above in combined(own):
        add(name, "s", [*above, *everyday.get(above[0], kinds(above[0], named, everyday))])
    for name in heard:
        last = [w for w in name.split() if (w in named or w in everyday) and w != name]
        further = [kind for word in last for kind in everyday.get(word, [])]
        add(name, "h", everyday.get(name) or list(dict.fromkeys([*last, *further])))
    for name in everyday:
        add(name, "s", everyday[name])
        for kind in everyday[name]:
            add(kind, "s", everyday.get(kind, []))
    for name in own["moods"]:
        add(name, "sh", [])
    for name, (how, _) in made.items():  # things that sounds are named by: "dog", "helicopter"
        single = name.split()
        if len(single) == 1 and name in words_heard and (name in named or name in own["animals"]):
            how.add("h")
    rows = []
    for name, (how, above) in made.items():
        place = rarest(name, places)
        common = max(0, 9 - int(max(place - FIRST_WORDS, 0) / 2_850)) if place < 10**6 else 0
        rows.append((name, "".join(sorted(how, reverse=True)), common, above))
    return sorted(rows, key=lambda row: (-row[2], row[0].lower()))


def main() -> None:
    """Write the file."""
    file = assets_dir() / "words" / "concepts.tsv"
    rows = concepts()
    lines = [
        "\t".join([name, how, str(common), "|".join(above)]) for name, how, common, above in rows
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{file}: {len(lines)} concepts, {file.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
