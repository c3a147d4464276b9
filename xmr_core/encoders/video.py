"""Videos → what is seen beside what is heard."""

from collections.abc import Sequence

import numpy as np

from xmr_core.encoders import Encoder
from xmr_core.media import Audio, Encoding, Floats, Image, Modality, Video


class VideoEncoder:
    """Videos to f32 (m,), m = m_image + m_audio: [image features | audio features].

    A key frame's part has zeros in the audio half and its box runs from its time to
    the next key frame's; a sound's part has zeros in the image half and keeps its
    window. The whole is the mean of the key frames beside the sound's own vector,
    with zeros for a video without sound. Frames come before sounds among the parts.

    Args:
        image: takes the key frames.
        audio: takes the sound.
    """

    modality = Modality.VIDEO

    def __init__(self, image: Encoder[Image], audio: Encoder[Audio]) -> None:
        self.image = image
        self.audio = audio
        self.name = f"{image.name} | {audio.name}"
        self.dim = image.dim + audio.dim
        self.fingerprint = f"video-1({image.fingerprint}|{audio.fingerprint})"

    def encode(self, batch: Sequence[Video]) -> list[Encoding]:
        """One vector a video, one a key frame, one a sound part."""
        frames = [Image(frame) for video in batch for frame in video.frames]
        seen = iter(self.image.encode(frames))
        heard = iter(self.audio.encode([v.sound for v in batch if v.sound is not None]))
        return [
            self._join(
                video,
                np.stack([next(seen).pooled for _ in video.frames]),  # (t, m_image)
                next(heard) if video.sound is not None else None,
            )
            for video in batch
        ]

    def _join(self, video: Video, seen: Floats, heard: Encoding | None) -> Encoding:
        if heard is None:
            nothing = np.zeros((0, self.audio.dim), np.float32)
            heard = Encoding(
                np.zeros(self.audio.dim, np.float32), nothing, np.zeros((0, 2, 1), np.float32)
            )
        pooled = np.concatenate([seen.mean(0), heard.pooled])  # (m,)
        parts = np.zeros((len(seen) + len(heard.parts), self.dim), np.float32)
        parts[: len(seen), : self.image.dim] = seen
        parts[len(seen) :, self.image.dim :] = heard.parts
        boxes = np.concatenate([shots(video)[:, :, None], heard.boxes])  # (p, 2, 1)
        return Encoding(pooled, parts, boxes)


def shots(video: Video) -> Floats:
    """Seconds f32 (t, 2) that each key frame stands for: to the next one, the last to the end.

    >>> frames = np.zeros((2, 1, 1, 3), np.uint8)
    >>> shots(Video(frames, np.array([0, 4], np.float32), facts={"seconds": 9.0})).tolist()
    [[0.0, 4.0], [4.0, 9.0]]
    """
    known = [float(video.facts.get("seconds", 0.0)), float(video.seconds[-1])]
    if video.sound is not None:
        known.append(video.sound.seconds)
    ends = np.append(video.seconds[1:], max(known))
    return np.stack([video.seconds, ends], axis=1).astype(np.float32)  # (t, 2)
