"""The cases of metadata and statuses that the server sends back, and of methods that it does not have."""

import empty_pb2
import grpc
import messages_pb2
import test_pb2_grpc

from cases.streaming import output_request
from cases.unary import LARGE_REQUEST_BYTES, LARGE_RESPONSE_BYTES, large_request
from session import Session, check_equal, check_payload, failure_of

INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"


def custom_metadata(session: Session) -> None:
    response, call = session.stub.UnaryCall.with_call(large_request(), metadata=[INITIAL, TRAILING])
    check_payload(response.payload, LARGE_RESPONSE_BYTES)
    check_echo(call)

    request = output_request(LARGE_RESPONSE_BYTES, LARGE_REQUEST_BYTES)
    stream = session.stub.FullDuplexCall(iter([request]), metadata=[INITIAL, TRAILING])
    responses = list(stream)
    check_equal(len(responses), 1, "the number of responses")
    check_payload(responses[0].payload, LARGE_RESPONSE_BYTES)
    check_echo(stream)


def check_echo(call) -> None:
    for name, metadata, (key, value) in (
        ("headers", call.initial_metadata(), INITIAL),
        ("trailers", call.trailing_metadata(), TRAILING),
    ):
        check_equal([entry[1] for entry in metadata if entry[0] == key], [value], f"{key} in the {name}")


def status_code_and_message(session: Session) -> None:
    wanted = messages_pb2.EchoStatus(code=2, message="test status message")
    check_unary_status(session, wanted)
    request = messages_pb2.StreamingOutputCallRequest(response_status=wanted)
    check_status(failure_of(lambda: list(session.stub.FullDuplexCall(iter([request])))), wanted)


def special_status_message(session: Session) -> None:
    check_unary_status(session, messages_pb2.EchoStatus(code=2, message=SPECIAL_MESSAGE))


def check_unary_status(session: Session, wanted) -> None:
    request = messages_pb2.SimpleRequest(response_status=wanted)
    check_status(failure_of(lambda: session.stub.UnaryCall(request)), wanted)


def check_status(error: grpc.RpcError, wanted) -> None:
    check_equal(error.code().value[0], wanted.code, "the status code")
    check_equal(error.details(), wanted.message, "the status message")


def unimplemented_method(session: Session) -> None:
    error = failure_of(lambda: session.stub.UnimplementedCall(empty_pb2.Empty()))
    check_equal(error.code(), grpc.StatusCode.UNIMPLEMENTED, "the status of a method that there is not")


def unimplemented_service(session: Session) -> None:
    stub = test_pb2_grpc.UnimplementedServiceStub(session.channel)
    error = failure_of(lambda: stub.UnimplementedCall(empty_pb2.Empty()))
    check_equal(error.code(), grpc.StatusCode.UNIMPLEMENTED, "the status of a service that there is not")
