"""Lets the handlers of different calls wait for each other."""

from collections import defaultdict
import queue
import threading
from typing import Any

# No case may take longer, so a thread that waits until then belongs to a case that has already failed.
LIMIT_SECONDS = 60


class Board:
    """Holds one value for each call id; whoever asks before it was posted waits for it."""

    def __init__(self) -> None:
        self._values: defaultdict[str, queue.Queue[Any]] = defaultdict(queue.Queue)
        self._lock = threading.Lock()

    def post(self, call_id: str, value: Any) -> None:
        self._slot(call_id).put(value)

    def take(self, call_id: str) -> Any:
        return self._slot(call_id).get(timeout=LIMIT_SECONDS)

    def _slot(self, call_id: str) -> "queue.Queue[Any]":
        with self._lock:
            return self._values[call_id]


class Meetings:
    """Lets calls with the same id go on only when all of them are there."""

    def __init__(self) -> None:
        self._open: dict[str, threading.Barrier] = {}
        self._lock = threading.Lock()

    def join(self, call_id: str, parties: int) -> None:
        with self._lock:
            barrier = self._open.setdefault(call_id, threading.Barrier(parties))
        barrier.wait(timeout=LIMIT_SECONDS)
