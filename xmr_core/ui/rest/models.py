"""What the interface for programs gives, as OpenAPI describes it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from xmr_core.media import Item, Modality, Part
from xmr_core.results import Hit, Matched, Results
from xmr_core.ui.jobs import Job
from xmr_core.ui.word_marks import as_plain
from xmr_core.ui.words import media_url


class Library(BaseModel):
    """A library."""

    name: str
    profile: str
    items: Mapping[Modality, int]
    failures: int


class PartTold(BaseModel):
    """A part of an item: a page, a moment, a view."""

    no: int
    label: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    text: str

    @classmethod
    def of(cls, part: Part) -> "PartTold":
        """From the engine's."""
        return cls(no=part.no, label=part.label, low=part.low, high=part.high, text=part.text)


class ItemTold(BaseModel):
    """A file of a library; paths are within its folder."""

    id: int
    library: str
    modality: Modality
    title: str
    path: str
    bytes: int
    modified: float = Field(description="Seconds since 1970.")
    facts: Mapping[str, float]
    media: str = Field(description="Where the file is served.")
    thumbnail: str

    @classmethod
    def of(cls, library: str, item: Item) -> "ItemTold":
        """From the engine's."""
        return cls(
            id=item.id,
            library=library,
            modality=item.modality,
            title=item.title,
            path=item.path,
            bytes=item.size,
            modified=item.mtime,
            facts=item.facts,
            media=media_url(library, item),
            thumbnail=media_url(library, item, "thumb"),
        )


class ItemInParts(ItemTold):
    """A file with its parts."""

    parts: list[PartTold]


class MatchedTold(BaseModel):
    """What of the query a file holds or lies beside."""

    field: str = Field(
        description="How: words that are written, spoken, subtitles, text, title, author …; "
        "named, for what the query was seen as; same, stem, refers or joined, with an item of it."
    )
    text: str = Field(description="The line around the words, or what it is seen as or stands by.")
    marks: list[tuple[int, int]] = Field(description="Where they lie in it, from and to.")
    low: tuple[float, ...] = Field(description="Where in the medium; empty for the whole.")
    high: tuple[float, ...]
    label: str

    @classmethod
    def of(cls, matched: Matched) -> "MatchedTold":
        """From the engine's."""
        return cls(**as_plain(matched))


class Items(BaseModel):
    """Some items in the order of their paths."""

    items: list[ItemTold]
    offset: int


class HitTold(BaseModel):
    """An item that answers."""

    rank: int
    strength: float = Field(description="The probability that it is right.")
    score: float
    cosine: float
    item: ItemTold
    part: PartTold | None = Field(description="Where in it the match is best.")
    matched: MatchedTold | None = Field(description="What of the query it holds or lies beside.")

    @classmethod
    def of(cls, hit: Hit) -> "HitTold":
        """From the engine's."""
        return cls(
            rank=hit.rank,
            strength=hit.strength,
            score=hit.score,
            cosine=hit.cosine,
            item=ItemTold.of(hit.library, hit.item),
            part=PartTold.of(hit.part) if hit.part else None,
            matched=MatchedTold.of(hit.matched) if hit.matched else None,
        )


class Found(BaseModel):
    """The answer to a query."""

    hits: list[HitTold]
    total: int
    probably_nothing: bool
    presence: Mapping[Modality, float] = Field(description="The best strength by medium.")
    seconds: Mapping[str, float]

    @classmethod
    def of(cls, results: Results) -> "Found":
        """From the engine's."""
        return cls(
            hits=[HitTold.of(hit) for hit in results.hits],
            total=results.total,
            probably_nothing=results.probably_nothing,
            presence=results.presence,
            seconds=results.seconds,
        )


class SideTold(BaseModel):
    """One medium in its fine parts."""

    modality: Modality
    labels: list[str]
    boxes: list[Any] = Field(description="(parts, 2, axes): low and high corners.")
    heat: list[float] = Field(description="How much each part speaks for the match.")


class Explained(BaseModel):
    """Why an item answers."""

    method: str
    score: float
    query: SideTold
    hit: SideTold
    alignment: list[list[float]] = Field(description="Parts of the query × parts of the hit.")


class File(BaseModel):
    """A file that was handed over as a query; it is kept until the server stops."""

    token: str
    name: str
    modality: Modality


class RunTold(BaseModel):
    """A run of this server."""

    library: str
    what: str
    state: Literal["running", "paused", "done", "cancelled", "failed"]
    stage: str
    done: int
    total: int = Field(description="0 while it is not known.")
    counts: Mapping[str, int]
    seconds_left: float = Field(description="0 while it cannot be told.")
    error: str | None
    hint: str | None

    @classmethod
    def of(cls, job: Job) -> "RunTold":
        """From a job."""
        now = job.progress
        names = ("added", "changed", "skipped", "moved", "returned", "missing", "failed")
        return cls(
            library=job.library,
            what=job.what,
            state=job.state.value,
            stage=now.stage if now else "start",
            done=now.done if now else 0,
            total=now.total if now else 0,
            counts={name: getattr(now, name) if now else 0 for name in names},
            seconds_left=now.left if now else 0.0,
            error=job.error.message if job.error else None,
            hint=job.error.hint if job.error else None,
        )
