"""Frames and a sound → a short video file."""

import io
from collections.abc import Iterable
from fractions import Fraction
from typing import cast

import numpy as np
import numpy.typing as npt

from xmr_core.demo.synth import RATE, audio_packets
from xmr_core.demo.work import Array

U8 = npt.NDArray[np.uint8]
FPS = 12
SIZE = (320, 240)


def film(frames: Iterable[U8], sound: Array, suffix: str, fps: int = FPS) -> bytes:
    """A video: ``.mp4`` (H.264 and AAC) or ``.webm`` (VP9 and Opus).

    Args:
        frames: u8 (H, W, 3) each, all of one even size.
        sound: f64 (n,) at 44,100 Hz in −1…1.
        suffix: of the file.
        fps: frames a second.
    """
    import av

    target = io.BytesIO()
    web = suffix == ".webm"
    with av.open(target, "w", format=suffix[1:], options={"fflags": "+bitexact"}) as file:
        codec = "libx264"
        # with mbtree the same frames give other bytes now and then
        options = {"preset": "veryfast", "crf": "25", "x264-params": "mbtree=0"}
        if web:
            codec, options = (
                "libvpx-vp9",
                {"deadline": "realtime", "cpu-used": "6", "crf": "34", "b": "0"},
            )
        pictures = cast(av.VideoStream, file.add_stream(codec, rate=fps, options=options))
        pictures.pix_fmt = "yuv420p"
        pictures.codec_context.thread_count = 1  # the same bytes everywhere
        rate = 48_000 if web else RATE
        voice = file.add_stream("libopus" if web else "aac", rate=rate)
        voice.layout = "mono"
        started = False
        for number, pixels in enumerate(frames):
            if not started:
                pictures.height, pictures.width = pixels.shape[:2]
                started = True
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            for packet in pictures.encode(frame):
                file.mux(packet)
        for packet in pictures.encode(None):
            file.mux(packet)
        if web:
            from scipy import signal

            sound = signal.resample_poly(sound, 160, 147)
        for sound_packet in audio_packets(voice, sound, rate):
            file.mux(sound_packet)
    return target.getvalue()
