"""Names that people give, compared without regard to case and to spaces."""

import unicodedata


def fold(name: str) -> str:
    """What two names share that are one to a reader.

    >>> fold("Straße") == fold("STRASSE"), fold("Ｂirds") == fold("birds"), fold("a") == fold("b")
    (True, True, False)
    """
    sound = name.encode("utf-8", "replace").decode("utf-8")  # half a character is none
    even = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sound).casefold())
    return " ".join(even.split())
