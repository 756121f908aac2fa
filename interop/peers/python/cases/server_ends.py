"""The cases in which the server goes away."""

import time

import grpc
import interop_probe_pb2 as probe
import interop_probe_pb2_grpc

from cases.common import OK, SIDE_CALL_LIMIT_SECONDS, RequestQueue, code_of
from cases.endings import outcome_of

# What lies between two calls while a case waits for a server to go or to come back.
ATTEMPT_INTERVAL_SECONDS = 0.05

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE.value[0]


def graceful_shutdown(channel, options):
    """Goes on with an open stream after the server has stopped taking calls."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    requests = RequestQueue()
    responses = stub.Chat(iter(requests))
    echoed, refused_codes = [], []
    for index, text in enumerate(options["messages"]):
        requests.send(probe.Payload(body=text.encode()))
        echoed.append(next(responses).body.decode())
        if index == 0:
            stub.Shutdown(probe.Nothing())
            refused_codes = failures_until(stub, UNAVAILABLE)
    requests.end()
    code = outcome_of(lambda: list(responses))
    return {"echoed": echoed, "refusedCodes": refused_codes, "code": code}


def killed_server(channel, options):
    """Reads a stream whose server dies, and then calls until there is a server again."""
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    stream = stub.Flood(probe.FloodRequest(call_id="killed-server", messages=1_000_000, body_bytes=16 * 1024))
    next(stream)
    outcome_of(lambda: stub.Die(probe.Nothing()))
    stream_code = OK
    try:
        for _ in stream:
            pass
    except grpc.RpcError as error:
        stream_code = code_of(error)
    return {"streamCode": stream_code, "retryCodes": failures_until(stub, OK)}


def failures_until(stub, wanted):
    """Calls Echo again and again until it ends with the wanted code. Gives the codes of all calls that failed."""
    limit = time.monotonic() + SIDE_CALL_LIMIT_SECONDS
    failures = []
    while time.monotonic() < limit:
        code = outcome_of(lambda: stub.Echo(probe.Payload(), timeout=SIDE_CALL_LIMIT_SECONDS))
        if code != OK:
            failures.append(code)
        if code == wanted:
            return failures
        time.sleep(ATTEMPT_INTERVAL_SECONDS)
    raise TimeoutError(f"no call ended with code {wanted} within {SIDE_CALL_LIMIT_SECONDS} s; failures: {failures}")
