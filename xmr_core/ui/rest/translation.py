"""What files and items show, in words, for programs."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from xmr_core.media import Modality
from xmr_core.ui import translation
from xmr_core.ui.context import Context
from xmr_core.ui.rest.asking import Given, TermGiven
from xmr_core.ui.rest.searching import stated_term


class SayGiven(Given):
    """What is to be put into words: a file or an item."""

    term: TermGiven
    tags: Annotated[int, Field(ge=1, le=20, description="How many.")] = 6


class TagTold(BaseModel):
    """A concept that is shown."""

    name: str
    strength: float = Field(description="How often such a tag is right.")


class VoiceTold(BaseModel):
    """A sentence that voted for the caption."""

    text: str
    share: float
    item: int | None = Field(description="The library's item that says it, or none: XMR's own.")


class CaptionTold(BaseModel):
    """The sentence that is likeliest."""

    text: str
    strength: float = Field(description="How often such a caption names what is there.")
    sure: bool
    beside: bool = Field(description="A file beside the item says it.")
    voices: list[VoiceTold]


class WordsTold(BaseModel):
    """What is shown, in words."""

    modality: Modality
    sure: bool = Field(description="There is something worth saying.")
    tags: list[TagTold]
    caption: CaptionTold | None


def router(context: Context) -> APIRouter:
    """The route over a server's libraries and files."""
    routes = APIRouter()

    @routes.post("/libraries/{name}/say", tags=["search"])
    def say(name: str, given: SayGiven) -> WordsTold:
        """Tags and a caption for a file or an item."""
        library = context.shelf.get(name)
        stated = stated_term(given.term) | {"weight": 1.0}
        words = translation.said(context, library, stated, given.tags)
        caption = words.caption
        return WordsTold(
            modality=words.modality,
            sure=words.sure,
            tags=[TagTold(name=tag.name, strength=tag.strength) for tag in words.tags],
            caption=None
            if caption is None
            else CaptionTold(
                text=caption.text,
                strength=caption.strength,
                sure=caption.sure,
                beside=caption.own,
                voices=[
                    VoiceTold(text=v.sentence.text, share=v.share, item=v.sentence.item)
                    for v in caption.voices
                ],
            ),
        )

    return routes
