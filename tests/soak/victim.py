"""A process that reads files as an index run does, within limits, and may crash or hang."""

import json
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.soak.mutations import check
from xmr_core.errors import MediaError
from xmr_core.media import Mesh
from xmr_core.readers import detect, read
from xmr_core.thumbnails import thumbnail, turntable

MEMORY = 4 << 30  # bytes of address space


def attempt(path: Path, turning: bool) -> str:
    """Read a file; what came of it: "read", "refused", or what else was raised.

    Args:
        path: of the file.
        turning: make the picture of a mesh that turns, too, which takes its time.
    """
    try:
        detect(path)
        media = read(path)
        check(media)
        thumbnail(media)
        if turning and isinstance(media, Mesh):
            turntable(media)
    except MediaError as error:
        named = error.path == path and path.name in str(error) and error.reason
        return "refused" if named else f"a refusal that does not say what it should: {error!r}"
    except Exception:
        return traceback.format_exc()
    return "read"


def _most() -> int:
    """Bytes of memory that this process had at most; other counts begin with its parent's."""
    said = Path("/proc/self/status")
    if not said.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    (line,) = [line for line in said.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def _main() -> None:
    """Answer each line with a line, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        path, turning = json.loads(line)
        begun = time.perf_counter()
        answer: dict[str, Any] = {"said": attempt(Path(path), turning)}
        answer["seconds"] = time.perf_counter() - begun
        answer["bytes"] = _most()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
