"""Real files of every format, made on the spot by the programs that make such files.

The pictures are red left and blue right, 60 × 40; the sounds are two seconds of 440 Hz at half
height; the films are two seconds each of red, green and blue with the same tone; the texts say
"an owl in the oak"; the meshes are a red box, 1 wide, 2 high and 3 deep.
"""

import functools
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

WORDS = "an owl in the oak"
SIDES = (1.0, 2.0, 3.0)  # of the box, along x, y (up) and z
RED = (200, 30, 30)
COLOURS = ((220, 20, 20), (20, 200, 20), (20, 20, 220))  # of the films, two seconds each
Maker = Callable[[Path], None]


def picture(size: tuple[int, int] = (60, 40)) -> Image.Image:
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:, : size[0] // 2, 0] = 255
    pixels[:, size[0] // 2 :, 2] = 255
    return Image.fromarray(pixels)


def tone(seconds: float = 2.0, rate: int = 48_000, hertz: float = 440.0) -> Any:
    """f32 (n,)."""
    time = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


# Pictures


def _picture(format: str, **options: Any) -> Maker:
    return lambda path: picture().save(path, format, **options)


def _heic(path: Path) -> None:
    import pillow_heif

    pillow_heif.from_pillow(picture()).save(path, quality=90)


# Sounds and films


def sound(path: Path, codec: str, format: str, samples: Any = None, rate: int = 48_000) -> None:
    import av

    with av.open(str(path), "w", format=format) as box:
        _add_sound(box, codec, tone(rate=rate) if samples is None else samples, rate)


def _add_sound(box: Any, codec: str, samples: Any, rate: int) -> None:
    stream = box.add_stream(codec, rate=rate, layout="mono")
    for packet in _encoded_sound(stream, samples, rate):
        box.mux(packet)


def _encoded_sound(stream: Any, samples: Any, rate: int) -> list[Any]:
    import av

    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
    fifo, packets = av.AudioFifo(), []
    frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    stream.codec_context.open()
    size = stream.codec_context.frame_size or 1024
    for out in resampler.resample(frame):
        fifo.write(out)
    while piece := fifo.read(size, partial=True):
        packets += stream.encode(piece)
    return packets + stream.encode(None)


def _vorbis(path: Path) -> None:
    import soundfile

    soundfile.write(path, tone(), 48_000, format="OGG", subtype="VORBIS")


def film(
    path: Path,
    codec: str,
    format: str,
    sound_codec: str | None,
    scenes: Any = COLOURS,
    seconds: float = 2.0,
) -> None:
    """Ten pictures a second of 96 × 64, and a tone as long."""
    import av

    with av.open(str(path), "w", format=format) as box:
        video = box.add_stream(codec, rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        if codec == "libx264":
            video.options = {"preset": "ultrafast"}
        length = seconds * len(scenes)
        if sound_codec:
            audio = box.add_stream(sound_codec, rate=48_000, layout="mono")
            for packet in _encoded_sound(audio, tone(length), 48_000):
                box.mux(packet)
        for number in range(int(length * 10)):
            colour = scenes[int(number / 10 / seconds)]
            frame = av.VideoFrame.from_ndarray(np.full((64, 96, 3), colour, np.uint8))
            for packet in video.encode(frame):
                box.mux(packet)
        for packet in video.encode(None):
            box.mux(packet)


def _animation(path: Path) -> None:
    frames = [Image.new("RGB", (96, 64), colour) for colour in COLOURS]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=2000, loop=0)


# Texts


def pdf(path: Path, pages: tuple[str, ...] = (WORDS, "the second page")) -> None:
    """Written by hand, page by page, with the table of where its parts are."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, words in enumerate(pages):
        drawn = f"BT /F1 18 Tf 40 700 Td ({words}) Tj ET"
        parts += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode() + (
        f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    )
    path.write_bytes(out)


def _docx(path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("before any heading")
    document.add_heading("Birds", 1)
    document.add_paragraph(WORDS)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "wing", "span"
    document.add_heading("Trees", 1)
    document.add_paragraph("oak and elm")
    document.save(str(path))


def _pptx(path: Path) -> None:
    import pptx

    deck = pptx.Presentation()
    for title, body in (("Birds", WORDS), ("Trees", "oak and elm")):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    deck.slides[1].notes_slide.notes_text_frame.text = "say it slowly"
    deck.save(str(path))


def _epub(path: Path) -> None:
    from ebooklib import epub

    book = epub.EpubBook()
    book.set_identifier("owls")
    book.set_title("Owls")
    chapters = []
    for number, (title, body) in enumerate((("Birds", WORDS), ("Trees", "oak and elm"))):
        chapter = epub.EpubHtml(title=title, file_name=f"text/part {number}.xhtml", lang="en")
        chapter.content = f"<h1>{title}</h1><p>{body}</p>"
        book.add_item(chapter)
        chapters.append(chapter)
    book.toc, book.spine = chapters, chapters
    book.add_item(epub.EpubNcx())
    epub.write_epub(str(path), book)


def _written(text: str) -> Maker:
    return lambda path: path.write_text(text, encoding="utf-8") and None


_SRT = (
    f"1\n00:00:05,000 --> 00:00:07,000\n<i>{WORDS}</i>\n\n2\n01:02:03,500 --> 01:02:04,000\nhoot\n"
)
_VTT = f"WEBVTT\n\nintro\n00:05.000 --> 00:07.000\n{WORDS}\n\n00:12.500 --> 00:14.000\nhoot\n"
_HTML = (
    f"<!DOCTYPE html><html><head><title>Owls</title><style>p {{}}</style></head><body>"
    f"<h1>Birds</h1><p>{WORDS}<script>nothing()</script></p><h2>Trees</h2><p>oak &amp; elm</p>"
)


# Meshes


def box() -> Any:
    import trimesh

    mesh: Any = trimesh.creation.box(SIDES)
    mesh.visual.face_colors = [*RED, 255]
    return mesh


def _mesh(kind: str, up: str = "y") -> Maker:
    def make(path: Path) -> None:
        import trimesh

        mesh = box()
        if up == "z":
            mesh.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, [1, 0, 0]))
        path.write_bytes(exported(mesh, kind))

    return make


def exported(mesh: Any, kind: str) -> bytes:
    import trimesh

    thing: Any = trimesh.Scene(mesh) if kind in ("glb", "3mf") else mesh
    data = thing.export(file_type=kind)
    return data if isinstance(data, bytes) else data.encode()


def _gltf(path: Path) -> None:
    import trimesh

    exporter: Any = trimesh.exchange.gltf
    files = exporter.export_gltf(trimesh.Scene(box()), merge_buffers=True, embed_buffers=True)
    path.write_bytes(files["model.gltf"])


# Names of files → what makes them, by medium.
PICTURES: dict[str, Maker] = {
    "a.png": _picture("PNG"),
    "a.jpg": _picture("JPEG", quality=95),
    "a.webp": _picture("WEBP", lossless=True),
    "a.gif": _picture("GIF"),
    "a.bmp": _picture("BMP"),
    "a.tiff": _picture("TIFF"),
    "a.avif": _picture("AVIF", quality=90),
    "a.heic": _heic,
}
SOUNDS: dict[str, Maker] = {
    "a.wav": functools.partial(sound, codec="pcm_s16le", format="wav"),
    "a.flac": functools.partial(sound, codec="flac", format="flac"),
    "a.ogg": _vorbis,
    "a.opus": functools.partial(sound, codec="libopus", format="opus"),
    "a.mp3": functools.partial(sound, codec="libmp3lame", format="mp3"),
    "a.m4a": functools.partial(sound, codec="aac", format="ipod"),
    "a.aac": functools.partial(sound, codec="aac", format="adts"),
}
FILMS: dict[str, Maker] = {
    "a.mp4": functools.partial(film, codec="libx264", format="mp4", sound_codec="aac"),
    "a.mkv": functools.partial(film, codec="libx264", format="matroska", sound_codec="flac"),
    "a.webm": functools.partial(film, codec="libvpx", format="webm", sound_codec="libopus"),
    "a.mov": functools.partial(film, codec="mpeg4", format="mov", sound_codec="pcm_s16le"),
    "a.avi": functools.partial(film, codec="mpeg4", format="avi", sound_codec="libmp3lame"),
    "moving.gif": _animation,
}
TEXTS: dict[str, Maker] = {
    "a.txt": _written(f"{WORDS}\n"),
    "a.md": _written(f"before\n\n# Birds\n\n{WORDS}\n\n## Trees\n\noak and elm\n"),
    "a.html": _written(_HTML),
    "a.csv": _written(f"name,where\n{WORDS},here\n"),
    "a.json": _written(f'{{"name": "{WORDS}"}}'),
    "a.srt": _written(_SRT),
    "a.vtt": _written(_VTT),
    "a.pdf": pdf,
    "a.docx": _docx,
    "a.pptx": _pptx,
    "a.epub": _epub,
}
MESHES: dict[str, Maker] = {
    "a.glb": _mesh("glb"),
    "a.gltf": _gltf,
    "a.obj": _mesh("obj"),
    "a.ply": _mesh("ply"),
    "a.off": _mesh("off"),
    "a.dae": _mesh("dae"),
    "a.stl": _mesh("stl", up="z"),
    "ascii.stl": _mesh("stl_ascii", up="z"),
    "a.3mf": _mesh("3mf", up="z"),
}
FILES: dict[str, Maker] = {**PICTURES, **SOUNDS, **FILMS, **TEXTS, **MESHES}


@functools.cache
def content(name: str) -> bytes:
    """The bytes of one of `FILES`, made once."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        FILES[name](path)
        return path.read_bytes()


def made(name: str, folder: Path) -> Path:
    """One of `FILES`, written into a folder."""
    path = folder / name
    path.write_bytes(content(name))
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()
