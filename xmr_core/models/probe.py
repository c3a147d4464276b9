"""Whether the model hub answers: one quick question, remembered for a minute."""

import os
import queue
import threading
import time

_REMEMBERED = 60.0  # seconds
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")

_last: tuple[float, str, bool] | None = None  # when, which hub, its answer
_lock = threading.Lock()


def hub_endpoint() -> str:
    """The hub's address now; its own library reads it once, when it is imported."""
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")


def hub_reachable(timeout: float = 5.0) -> bool:
    """Whether the model hub answers within ``timeout`` seconds; remembered for a minute.

    One HEAD request, since the hub's own library retries for most of a minute.
    False at once where ``HF_HUB_OFFLINE`` or ``TRANSFORMERS_OFFLINE`` is set.
    """
    global _last
    yes = {"1", "on", "yes", "true"}
    if any(os.environ.get(variable, "").lower() in yes for variable in _OFFLINE):
        return False
    endpoint = hub_endpoint()
    with _lock:
        if _last and _last[1] == endpoint and time.monotonic() - _last[0] < _REMEMBERED:
            return _last[2]
        answer: queue.Queue[bool] = queue.Queue()
        # Looking a name up ignores every timeout: the request gets a thread that may be abandoned.
        threading.Thread(
            target=lambda: answer.put(_answers(endpoint, timeout)), daemon=True
        ).start()
        try:
            reachable = answer.get(timeout=timeout)
        except queue.Empty:
            reachable = False
        _last = (time.monotonic(), endpoint, reachable)
        return reachable


def _answers(endpoint: str, timeout: float) -> bool:
    import http.client
    import urllib.request

    if not endpoint.startswith(("https://", "http://")):
        return False
    try:
        request = urllib.request.Request(endpoint, method="HEAD")  # noqa: S310 - the scheme is checked above
        with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310 - as above
            return True
    # URLError and HTTPError are OSErrors: a blocking proxy's 403 is a no
    except (OSError, ValueError, http.client.HTTPException):
        return False
