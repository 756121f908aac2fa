"""What several cases need. A case takes its input, calls a server and gives what it observed; it judges nothing.

The inputs and results are described in interop/src/cases.
"""

from collections.abc import Callable, Iterator
import queue
import time
from typing import Any

import grpc

# Bounds the calls that only help a case to observe another one.
SIDE_CALL_LIMIT_SECONDS = 10

STANDSTILL_INTERVAL_SECONDS = 0.05
STANDSTILL_SAMPLES = 8

OK = 0


def code_of(error: grpc.RpcError) -> int:
    return error.code().value[0]


class RequestQueue:
    """The requests of a stream that are sent by hand: grpcio takes them from an iterator."""

    _END = object()

    def __init__(self) -> None:
        self._requests: queue.Queue[Any] = queue.Queue()

    def send(self, request: Any) -> None:
        self._requests.put(request)

    def end(self) -> None:
        self._requests.put(self._END)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._requests.get, self._END)


def when_it_stands_still(count: Callable[[], int]) -> int:
    """Gives a count once it is above zero and the same in several samples that follow each other."""
    limit = time.monotonic() + SIDE_CALL_LIMIT_SECONDS
    last, same = 0, 0
    while same < STANDSTILL_SAMPLES:
        if time.monotonic() > limit:
            raise TimeoutError("the sender was never held back: its count of messages did not stand still")
        time.sleep(STANDSTILL_INTERVAL_SECONDS)
        current = count()
        same = same + 1 if current > 0 and current == last else 0
        last = current
    return last
