"""What the sheet of an item says of it."""

from pathlib import Path

from xmr_core.media import Item, Modality
from xmr_core.ui.words import facts


def item(seconds):
    return Item(
        id=1,
        root=Path("/sounds"),
        path="night.ogg",
        modality=Modality.AUDIO,
        size=1000,
        mtime=0.0,
        hash="0",
        title="night",
        facts={"seconds": seconds},
    )


def test_a_sound_that_is_not_heard_to_its_end_says_so():
    assert dict(facts(item(10_800.0)))["Listened to"] == "the first 20:00"
    assert "Listened to" not in dict(facts(item(1200.0)))
