"""The cases of large messages, slow receivers and many calls."""

import hashlib
import itertools

import grpc
import interop_probe_pb2 as probe
import interop_probe_pb2_grpc

from cases.common import OK, SIDE_CALL_LIMIT_SECONDS, code_of, when_it_stands_still


def send_bodies(channel, options):
    stub = interop_probe_pb2_grpc.ProbeStub(channel)

    def measured(size):
        return stub.Measure(probe.Payload(body=bytes(size))).body_bytes

    return {"outcomes": [body_outcome(measured, size) for size in options["bodyBytes"]]}


def receive_bodies(channel, options):
    stub = interop_probe_pb2_grpc.ProbeStub(channel)

    def produced(size):
        return len(stub.Produce(probe.Measurement(body_bytes=size)).body)

    return {"outcomes": [body_outcome(produced, size) for size in options["bodyBytes"]]}


def body_outcome(transfer, size):
    try:
        return {"code": OK, "bodyBytes": transfer(size)}
    except grpc.RpcError as error:
        return {"code": code_of(error), "bodyBytes": 0}


def slow_reader(channel, options):
    """Reads one message and pauses until the server cannot send any more; then it reads the rest."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    id_ = probe.CallId(call_id="slow-reader")
    stream = stub.Flood(
        probe.FloodRequest(call_id=id_.call_id, messages=options["messages"], body_bytes=options["bodyBytes"])
    )
    digest = hashlib.sha256()
    messages, in_order, sent_while_paused = 0, True, 0
    for message in stream:
        in_order = in_order and message.number == messages
        messages += 1
        digest.update(message.body)
        if messages == 1:
            sent_while_paused = when_it_stands_still(
                lambda: stub.Progress(id_, timeout=SIDE_CALL_LIMIT_SECONDS).messages
            )
    return {
        "sentWhilePaused": sent_while_paused,
        "messages": messages,
        "inOrder": in_order,
        "sha256": digest.hexdigest(),
    }


def slow_server(channel, options):
    """Sends until the server, which does not read, holds it back; then it lets the server read."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    call_id = "slow-server"
    sent = 0

    def requests():
        nonlocal sent
        for number in range(options["messages"]):
            body = bytes([number % 256]) * options["bodyBytes"]
            yield probe.Numbered(number=number, body=body, call_id=call_id if number == 0 else "")
            sent = number + 1

    absorbing = stub.Absorb.future(requests())
    sent_while_paused = when_it_stands_still(lambda: sent)
    stub.Release(probe.CallId(call_id=call_id), timeout=SIDE_CALL_LIMIT_SECONDS)
    absorbed = absorbing.result()
    return {
        "sentWhilePaused": sent_while_paused,
        "messages": absorbed.messages,
        "inOrder": absorbed.in_order,
        "sha256": absorbed.sha256,
    }


def early_answers(channel, options):
    """Sends without end, until the server's answer ends the call."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    body = bytes(options["bodyBytes"])
    return {"outcomes": [early_outcome(stub, number, body) for number in options["firstNumbers"]]}


def early_outcome(stub, number, body):
    message = probe.Numbered(number=number, body=body)
    try:
        stub.AnswerEarly(itertools.repeat(message))
    except grpc.RpcError as error:
        return {"code": code_of(error), "message": error.details()}
    return {"code": OK, "message": ""}


def concurrent_calls(channel, options):
    """Makes calls which are answered only when all of them are at the server."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    request = probe.MeetRequest(call_id="concurrent", parties=options["calls"])
    calls = [stub.Meet.future(request, timeout=SIDE_CALL_LIMIT_SECONDS) for _ in range(options["calls"])]
    peers = [call.result().peer for call in calls]
    return {"answered": len(peers), "connections": len(set(peers))}
