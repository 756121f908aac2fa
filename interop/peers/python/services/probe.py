"""Serves heddle.interop.Probe; interop_probe.proto says what each method must do."""

import hashlib
import os
import signal
import threading
from collections.abc import Callable

import grpc
import interop_probe_pb2 as probe
import interop_probe_pb2_grpc

from services.rendezvous import Board, Meetings

# grpcio tells of a call without a deadline that it has some hundred thousand million years left.
NO_DEADLINE_SECONDS = 1e9

STATUS_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Probe(interop_probe_pb2_grpc.ProbeServicer):
    def __init__(self, shutdown: Callable[[], None]) -> None:
        """`shutdown` must return at once and stop the server gracefully."""
        self._shutdown = shutdown
        self._ends = Board()
        self._releases = Board()
        self._meetings = Meetings()
        self._flooded: dict[str, int] = {}

    def Echo(self, request, context):
        return request

    def Chat(self, request_iterator, context):
        yield from request_iterator

    def Measure(self, request, context):
        return probe.Measurement(body_bytes=len(request.body))

    def Produce(self, request, context):
        return probe.Payload(body=bytes(request.body_bytes))

    def ReportMetadata(self, request, context):
        received = context.invocation_metadata()
        ascii_values = [value for key, value in received if key == "probe-ascii"]
        binary_values = [value for key, value in received if key == "probe-bin"]
        context.send_initial_metadata(
            [("probe-header", value) for value in ascii_values]
            + [("probe-header-bin", value) for value in binary_values]
        )
        context.set_trailing_metadata(
            [("probe-trailer", value) for value in ascii_values]
            + [("probe-trailer-bin", value) for value in binary_values]
        )
        return probe.MetadataReport(ascii=ascii_values, binary=binary_values)

    def Fail(self, request, context):
        context.set_trailing_metadata([("probe-trailer", "failed")])
        context.abort(STATUS_CODES[request.code], request.message)

    def Wait(self, request, context):
        self._watch_end(request.call_id, context).wait()
        return probe.Nothing()

    def Hold(self, request, context):
        # Before the message is sent: grpcio does not go on with this generator when the call is cancelled in between.
        over = self._watch_end(request.call_id, context)
        yield probe.Nothing()
        over.wait()

    def AwaitEnd(self, request, context):
        return self._ends.take(request.call_id)

    def Flood(self, request, context):
        for number in range(request.messages):
            body = bytes([number % 256]) * request.body_bytes
            yield probe.Numbered(number=number, body=body)
            # grpcio asks for the next message when it has written this one.
            self._flooded[request.call_id] = number + 1

    def Progress(self, request, context):
        return probe.FloodProgress(messages=self._flooded.get(request.call_id, 0))

    def Absorb(self, request_iterator, context):
        digest = hashlib.sha256()
        in_order = True
        messages = 0
        for message in request_iterator:
            if messages == 0:
                self._releases.take(message.call_id)
            in_order = in_order and message.number == messages
            messages += 1
            digest.update(message.body)
        return probe.Absorbed(messages=messages, in_order=in_order, sha256=digest.hexdigest())

    def AnswerEarly(self, request_iterator, context):
        if next(request_iterator).number == 0:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no more, please")
        return probe.Absorbed()

    def Release(self, request, context):
        self._releases.post(request.call_id, True)
        return probe.Nothing()

    def Meet(self, request, context):
        self._meetings.join(request.call_id, request.parties)
        return probe.Meeting(peer=context.peer())

    def Shutdown(self, request, context):
        self._shutdown()
        return probe.Nothing()

    def Die(self, request, context):
        os.kill(os.getpid(), signal.SIGKILL)

    def _watch_end(self, call_id: str, context) -> threading.Event:
        """Remembers how the call ends; gives what is set then."""
        remaining_seconds = context.time_remaining()
        had_deadline = remaining_seconds < NO_DEADLINE_SECONDS
        end = probe.CallEnd(cancelled=True, had_deadline=had_deadline)
        if had_deadline:
            end.remaining_ms = remaining_seconds * 1000
        over = threading.Event()

        def on_end() -> None:
            self._ends.post(call_id, end)
            over.set()

        if not context.add_callback(on_end):
            on_end()
        return over
