"""grpc.testing.TestService; the comments of test.proto say what each method must do."""

import platform
import time
import uuid

import empty_pb2
import grpc
import messages_pb2

from authenticator import Authenticator
from messages import Received, flagged, zeros

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
# How long a proxy may keep the answer of CacheableUnaryCall.
CACHE_CONTROL = ("cache-control", "max-age=60, public")

STATUS_CODES = {code.value[0]: code for code in grpc.StatusCode}


def create_test_service(authenticator: Authenticator | None) -> grpc.GenericRpcHandler:
    """All methods but the one that no server has."""
    service = TestService(authenticator)

    def answer(message) -> bytes:
        return message.SerializeToString()

    def handler(make, method, request_type):
        return make(method, request_deserializer=flagged(request_type), response_serializer=answer)

    unary, simple = grpc.unary_unary_rpc_method_handler, messages_pb2.SimpleRequest
    output = messages_pb2.StreamingOutputCallRequest
    return grpc.method_handlers_generic_handler(
        "grpc.testing.TestService",
        {
            "EmptyCall": handler(unary, service.empty_call, empty_pb2.Empty),
            "UnaryCall": handler(unary, service.unary_call, simple),
            "CacheableUnaryCall": handler(unary, service.cacheable_unary_call, simple),
            "StreamingOutputCall": handler(
                grpc.unary_stream_rpc_method_handler, service.streaming_output_call, output
            ),
            "StreamingInputCall": handler(
                grpc.stream_unary_rpc_method_handler,
                service.streaming_input_call,
                messages_pb2.StreamingInputCallRequest,
            ),
            "FullDuplexCall": handler(grpc.stream_stream_rpc_method_handler, service.full_duplex_call, output),
            "HalfDuplexCall": handler(grpc.stream_stream_rpc_method_handler, service.half_duplex_call, output),
        },
    )


class TestService:
    def __init__(self, authenticator: Authenticator | None) -> None:
        self._authenticator = authenticator
        self._server_id = str(uuid.uuid4())

    def empty_call(self, received: Received, context):
        return empty_pb2.Empty()

    def unary_call(self, received: Received, context):
        request = received.message
        check_compression(received, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        end_as_wanted(request, context)
        response = messages_pb2.SimpleResponse(payload=payload_of(request, request.response_size, context))
        response.hostname = platform.node()
        if request.fill_server_id:
            response.server_id = self._server_id
        self._describe_caller(request, response, context)
        return response

    def cacheable_unary_call(self, received: Received, context):
        echo_metadata(context, CACHE_CONTROL)
        return messages_pb2.SimpleResponse(payload=messages_pb2.Payload(body=str(time.time_ns()).encode()))

    def streaming_output_call(self, received: Received, context):
        if any(parameters.compressed.value for parameters in received.message.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        yield from respond(received.message, context)

    def streaming_input_call(self, requests, context):
        echo_metadata(context)
        size = 0
        for received in requests:
            check_compression(received, context)
            size += len(received.message.payload.body)
        return messages_pb2.StreamingInputCallResponse(aggregated_payload_size=size)

    def full_duplex_call(self, requests, context):
        echo_metadata(context)
        for received in requests:
            yield from respond(received.message, context)

    def half_duplex_call(self, requests, context):
        echo_metadata(context)
        for received in list(requests):
            yield from respond(received.message, context)

    def _describe_caller(self, request, response, context) -> None:
        if self._authenticator is None or not (request.fill_username or request.fill_oauth_scope):
            return
        try:
            caller = self._authenticator.caller_of(context.invocation_metadata())
        except (ValueError, KeyError) as error:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, str(error))
        if request.fill_username:
            response.username = caller.username
        if request.fill_oauth_scope:
            response.oauth_scope = caller.oauth_scope


def respond(request, context):
    end_as_wanted(request, context)
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if parameters.HasField("compressed") and not parameters.compressed.value:
            context.disable_next_message_compression()
        yield messages_pb2.StreamingOutputCallResponse(payload=payload_of(request, parameters.size, context))


def echo_metadata(context, *headers) -> None:
    received = dict(context.invocation_metadata())
    if ECHO_TRAILING in received:
        context.set_trailing_metadata([(ECHO_TRAILING, received[ECHO_TRAILING])])
    sent = list(headers)
    if ECHO_INITIAL in received:
        sent.append((ECHO_INITIAL, received[ECHO_INITIAL]))
    if sent:
        context.send_initial_metadata(sent)


def check_compression(received: Received, context) -> None:
    request = received.message
    if request.HasField("expect_compressed") and request.expect_compressed.value != received.compressed:
        text = f"the request does not come as its field expect_compressed says: {request.expect_compressed.value}"
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, text)


def end_as_wanted(request, context) -> None:
    status = request.response_status
    if status.code != 0:
        context.abort(STATUS_CODES[status.code], status.message)


def payload_of(request, size: int, context) -> messages_pb2.Payload:
    if request.response_type != messages_pb2.COMPRESSABLE or size < 0:
        text = f"there is no payload of the type {request.response_type} and {size} octets"
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, text)
    return zeros(size)
