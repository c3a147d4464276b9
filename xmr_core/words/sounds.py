"""The sound of a sound or a video, without its pictures."""

from pathlib import Path

from xmr_core import readers
from xmr_core.media import Audio
from xmr_core.readers import LIMITS, audio, container


def sound_of(path: Path) -> Audio | None:
    """A file's sound, up to the readers' limit of seconds; None where it has none.

    Raises:
        MediaError: the file cannot be read.
    """
    with readers.known(path) as (source, kind), container.opened(source, kind) as box:
        stream = container.sounding(box)
        if stream is None:
            return None
        return Audio(audio.decode(source, box, stream, LIMITS.seconds), audio.RATE)
