"""The cases of calls that end before they are answered."""

import grpc
import interop_probe_pb2 as probe
import interop_probe_pb2_grpc

from cases.common import OK, SIDE_CALL_LIMIT_SECONDS, code_of


def deadline(channel, options):
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    request = probe.CallId(call_id="deadline")
    return end_at_server(stub, request, outcome_of(lambda: stub.Wait(request, timeout=options["timeoutMs"] / 1000)))


def cancellation(channel, options):
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    request = probe.CallId(call_id="cancel")
    call = stub.Hold(request)
    next(call)
    call.cancel()
    return end_at_server(stub, request, outcome_of(lambda: next(call)))


def end_at_server(stub, request, code):
    end = stub.AwaitEnd(request, timeout=SIDE_CALL_LIMIT_SECONDS)
    return {
        "code": code,
        "end": {"cancelled": end.cancelled, "hadDeadline": end.had_deadline, "remainingMs": end.remaining_ms},
    }


def unknown_method(channel, options):
    return {"code": call_path(channel, "/heddle.interop.Probe/NotYetServed")}


def unknown_service(channel, options):
    return {"code": call_path(channel, "/heddle.interop.Unserved/Ask")}


def call_path(channel, path):
    call = channel.unary_unary(
        path, request_serializer=probe.Nothing.SerializeToString, response_deserializer=probe.Nothing.FromString
    )
    return outcome_of(lambda: call(probe.Nothing()))


def outcome_of(perform):
    try:
        perform()
    except grpc.RpcError as error:
        return code_of(error)
    return OK
