"""The cases of metadata and status messages."""

import grpc
import interop_probe_pb2 as probe
import interop_probe_pb2_grpc

from cases.common import OK, code_of


def metadata_both_ways(channel, options):
    sent = [("probe-ascii", value) for value in options["ascii"]]
    sent += [("probe-bin", bytes.fromhex(value)) for value in options["binary"]]
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    report, call = stub.ReportMetadata.with_call(probe.Nothing(), metadata=sent)
    return {
        "seen": {"ascii": list(report.ascii), "binary": [value.hex() for value in report.binary]},
        "headers": values_of(call.initial_metadata(), "probe-header"),
        "trailers": values_of(call.trailing_metadata(), "probe-trailer"),
    }


def values_of(received, key):
    return {
        "ascii": [value for name, value in received if name == key],
        "binary": [value.hex() for name, value in received if name == f"{key}-bin"],
    }


def failures(channel, options):
    stub = interop_probe_pb2_grpc.ProbeStub(channel)
    return {"failures": [failure(stub, wanted["code"], wanted["message"]) for wanted in options["failures"]]}


def failure(stub, code, message):
    try:
        stub.Fail(probe.Failure(code=code, message=message))
    except grpc.RpcError as error:
        trailer = [value for key, value in error.trailing_metadata() if key == "probe-trailer"]
        return {"code": code_of(error), "message": error.details(), "trailer": trailer}
    return {"code": OK, "message": "", "trailer": []}
