"""What programs send to the interface, as OpenAPI describes it: queries above all.

Fields that are not known are refused, so that a misspelt one is not simply left out.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from xmr_core.library.feedback import MOST_MARKS
from xmr_core.media import Modality
from xmr_core.ui.queries import MAX_K, MAX_OFFSET
from xmr_core.ui.query_form import MAX_TERMS, MAX_TEXT

Name = Annotated[str, Field(min_length=1, max_length=200)]
ItemId = Annotated[int, Field(ge=0, le=2**62)]
"""Of an item; the catalogue counts no further."""


class Given(BaseModel):
    """What is sent here."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ItemOf(Given):
    """An item of a library as part of a query."""

    library: Name
    id: ItemId


class NamedOf(Given):
    """A concept or a collection of a library as part of a query."""

    library: Name
    name: Name


class TermGiven(Given):
    """One medium of a query: exactly one of ``text``, ``file``, ``item``, ``concept`` and
    ``collection``."""

    text: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    file: Annotated[str | None, Field(max_length=200, description="What POST /files gave.")] = None
    item: ItemOf | None = None
    concept: Annotated[
        NamedOf | None, Field(description="A query with its marks, kept under a name.")
    ] = None
    collection: Annotated[NamedOf | None, Field(description="All its items, as one term.")] = None
    weight: Annotated[float, Field(description="A negative one subtracts.")] = 1.0


class FiltersGiven(Given):
    """Which items may answer."""

    folder: str = ""
    after: Annotated[str, Field(description="A day, 2024-01-31.")] = ""
    before: Annotated[str, Field(description="A day, itself included.")] = ""
    min_mb: float | None = None
    max_mb: float | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    text: Annotated[str, Field(description="Words of the name or the path.")] = ""
    collection: Annotated[str, Field(max_length=200, description="That they are in.")] = ""
    tags: Annotated[list[Name], Field(max_length=60, description="That they all have.")] = []


class SearchGiven(Given):
    """A query."""

    terms: Annotated[list[TermGiven], Field(min_length=1, max_length=MAX_TERMS)]
    libraries: Annotated[list[Name], Field(min_length=1, max_length=100)]
    to: Annotated[
        list[Modality], Field(description="The media that may answer, all if empty.")
    ] = []
    filters: FiltersGiven = FiltersGiven()
    k: Annotated[int, Field(ge=1, le=MAX_K)] = 24
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    corrected: Annotated[bool, Field(description="With hubness correction.")] = True
    spread: Annotated[bool, Field(description="Hits lift what they are linked with.")] = False
    liked: Annotated[
        list[ItemOf],
        Field(max_length=MOST_MARKS, description="Of earlier answers; moves the query."),
    ] = []
    disliked: Annotated[list[ItemOf], Field(max_length=MOST_MARKS)] = []


class ExplainGiven(Given):
    """What an item is to be explained by."""

    term: TermGiven
    method: Annotated[str | None, Field(description="The best for the pair if absent.")] = None


class LibraryGiven(Given):
    """A new library."""

    name: Name
    profile: Annotated[str, Field(max_length=400)] = "embedded"


class RunGiven(Given):
    """What a run goes through."""

    folders: Annotated[list[str], Field(description="Full paths; the library's own if empty.")] = []
    accept_loss: Annotated[bool, Field(description="Files of a folder that is empty are gone.")] = (
        False
    )
