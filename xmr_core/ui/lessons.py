"""Four short walks through the lab. Each fits a few methods on the data that is made up, points at
what they give, and ends with a question that is answered by trying.

What the lessons say of numbers is held by a test.
"""

from dataclasses import asdict, dataclass

from xmr_core.ui.context import Plain


@dataclass(frozen=True)
class Step:
    """One thing to look at.

    Attributes:
        text: what to see, and why.
        methods: fitted for it, those of the steps before being kept.
        show: the part of the page that it is about, or "".
        pick: the method whose points are drawn, or "".
        by: what counts as found: "labels" or "pairs".
    """

    text: str
    methods: tuple[str, ...] = ()
    show: str = ""
    pick: str = ""
    by: str = "labels"


@dataclass(frozen=True)
class Lesson:
    """A walk.

    Attributes:
        name: for its address.
        title: for people.
        steps: one after the other.
        question, choices: at the end.
        where: the part of the page that tells the answer.
        right: place of the right choice.
        because: told once it is found.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    question: str
    choices: tuple[str, ...]
    where: str
    right: int
    because: str


LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "gap",
        "The gap between media, and CCA",
        (
            Step(
                "900 things, each told twice: by 64 numbers that stand for a picture, and by 40 "
                "that stand for a text. Eight hidden topics are behind both. First, canonical "
                "correlation analysis (Hotelling, 1936) looks for directions in which the two "
                "go together.",
                ("cca",),
                "table",
            ),
            Step(
                "On the left each medium lies on its own plane: the lines, which join a picture "
                "with its text, go everywhere. There is nothing to compare, for the axes of one "
                "mean nothing in the other. On the right CCA has brought both into one space, and "
                "the lines are short.",
                (),
                "planes",
                "cca",
            ),
            Step(
                "Partial least squares looks for directions of great covariance: strong ones, "
                "whether or not they are shared. CCA divides the strength away, and keeps what "
                "is shared even where it is faint. Both have only seen which two belong together.",
                ("pls",),
                "planes",
                "pls",
            ),
        ),
        "How many dimensions did CCA keep, and why that many? Look into the table.",
        (
            "40, as many as the text has numbers",
            "8, as many as there are hidden topics",
            "6, one for each class",
        ),
        "table",
        1,
        "Eight directions correlate in pairs that were kept aside; any further one would be noise.",
    ),
    Lesson(
        "losses",
        "From CCA to VSE++ and CLIP",
        (
            Step(
                "CCA has a closed form: one decomposition, and it is done. Losses over pairs are "
                "brought down step by step. VSE asks that a pair be nearer than every wrong pair "
                "by a margin, and adds up all that are not.",
                ("cca", "vse"),
                "curves",
            ),
            Step(
                "VSE++ counts the hardest wrong pair alone; InfoNCE, the loss of CLIP, lets all "
                "wrong pairs compete in one softmax, the nearest ones most. Watch them learn.",
                ("vse++", "infonce"),
                "curves",
            ),
            Step(
                "Now count whether a query finds its own partner. The topics are told linearly, "
                "but for a bend in the pictures, and there are only 900 pairs. A net that could "
                "learn more has to learn it from these.",
                (),
                "table",
                "",
                "pairs",
            ),
        ),
        "Which of the four finds the own partner first most often, here?",
        ("CCA", "VSE", "VSE++", "InfoNCE"),
        "table",
        0,
        "What is to be found is linear, and CCA needs few pairs for that. On photographs with "
        "thousands of captions the losses win; see the table for Flickr8k in docs/lab.md.",
    ),
    Lesson(
        "hashing",
        "Hashing",
        (
            Step(
                "Vectors take room: a million of 384 floats are 1.5 GB. Codes of bits compare by "
                "counting the bits that differ. Random hyperplanes (LSH) draw the bits blindly; "
                "ITQ first turns the space so that the signs lose little.",
                ("cca", "lsh", "cca-itq"),
                "table",
            ),
            Step(
                "Both have 32 bits, and begin with a regularised CCA whose axes count by their "
                "correlation; that is why ITQ’s bits find even more of a class than CCA’s floats, "
                "whose axes all count the same. Compare their lists: what a code cannot tell apart "
                "comes in any order.",
                (),
                "columns",
            ),
            Step(
                "The slider keeps CCA’s vectors in fewer and fewer bytes. Move it, and watch both "
                "directions.",
                (),
                "bits",
                "cca",
            ),
        ),
        "CCA’s vectors take 32 bytes. How few cost less than two points of precision, both ways?",
        ("8 bytes", "2 bytes", "1 byte"),
        "bits",
        1,
        "Sixteen bits are still enough for six classes; with eight, things of different classes "
        "share a code.",
    ),
    Lesson(
        "metrics",
        "What metrics hide",
        (
            Step(
                "Semantic matching learns the six classes and describes everything by their "
                "probabilities. By mean average precision, where whatever is of the query’s class "
                "counts as found, it is far ahead of CCA.",
                ("cca", "sm"),
                "table",
            ),
            Step(
                "Look at one query. Semantic matching’s list is all of the right class, CCA’s is "
                "not. But where is the very thing that was asked for, the one with the same "
                "number?",
                (),
                "columns",
            ),
            Step(
                "The switch above the table counts something else: only the query’s own partner "
                "is right. It stands at the classes now.",
                (),
                "table",
            ),
        ),
        "Turn the switch to “Own partner”. Who finds it first, and how often?",
        (
            "Semantic matching, as before",
            "CCA, nearly always; semantic matching one time in four",
            "Both about equally often",
        ),
        "table",
        1,
        "A measure says what its relevance says. Six probabilities cannot tell two birds apart, "
        "and mean average precision by class never asked them to.",
    ),
)


def told() -> list[Plain]:
    """All lessons as the page takes them."""
    return [asdict(lesson) for lesson in LESSONS]
