"""The cases of compression. Those in which the client compresses ask first whether the server looks."""

import os

import grpc
import messages_pb2

from cases.unary import LARGE_RESPONSE_BYTES, large_request
from messages import NO_DECOMPRESSION, flagged, zeros
from session import Session, check_equal, check_payload, failure_of

COMPRESSED = messages_pb2.BoolValue(value=True)
PLAIN = messages_pb2.BoolValue(value=False)
GZIP = grpc.Compression.Gzip


def client_compressed_unary(session: Session) -> None:
    call = session.stub.UnaryCall
    check_refusal(failure_of(lambda: call(large_request(expect_compressed=COMPRESSED))))
    compressed = call(large_request(expect_compressed=COMPRESSED), compression=GZIP)
    check_payload(compressed.payload, LARGE_RESPONSE_BYTES)
    check_payload(call(large_request(expect_compressed=PLAIN)).payload, LARGE_RESPONSE_BYTES)


def server_compressed_unary(session: Session) -> None:
    channel = session.open_channel(options=[NO_DECOMPRESSION])
    call = channel.unary_unary(
        "/grpc.testing.TestService/UnaryCall",
        request_serializer=messages_pb2.SimpleRequest.SerializeToString,
        response_deserializer=flagged(messages_pb2.SimpleResponse),
    )
    for response_compressed in (COMPRESSED, PLAIN):
        response, compressed = call(large_request(response_compressed=response_compressed))
        check_equal(compressed, response_compressed.value, "whether the response came compressed")
        check_payload(response.payload, LARGE_RESPONSE_BYTES)


def client_compressed_streaming(session: Session) -> None:
    call = session.stub.StreamingInputCall
    first = messages_pb2.StreamingInputCallRequest(expect_compressed=COMPRESSED, payload=zeros(27182))
    check_refusal(failure_of(lambda: call(iter([first]))))

    # A client of grpcio cannot say that one message of a stream is not to be compressed. But a message that would only grow is
    # sent as it is; so its payload is not made of zeros.
    payload = messages_pb2.Payload(body=os.urandom(45904))
    second = messages_pb2.StreamingInputCallRequest(expect_compressed=PLAIN, payload=payload)
    response = call(iter([first, second]), compression=GZIP)
    check_equal(response.aggregated_payload_size, 73086, "the octets that the server has counted")


def server_compressed_streaming(session: Session) -> None:
    channel = session.open_channel(options=[NO_DECOMPRESSION])
    call = channel.unary_stream(
        "/grpc.testing.TestService/StreamingOutputCall",
        request_serializer=messages_pb2.StreamingOutputCallRequest.SerializeToString,
        response_deserializer=flagged(messages_pb2.StreamingOutputCallResponse),
    )
    parameters = [
        messages_pb2.ResponseParameters(compressed=COMPRESSED, size=31415),
        messages_pb2.ResponseParameters(compressed=PLAIN, size=92653),
    ]
    responses = list(call(messages_pb2.StreamingOutputCallRequest(response_parameters=parameters)))
    check_equal(len(responses), len(parameters), "the number of responses")
    for (response, compressed), wanted in zip(responses, parameters):
        check_equal(compressed, wanted.compressed.value, "whether the response came compressed")
        check_payload(response.payload, wanted.size)


def check_refusal(error: grpc.RpcError) -> None:
    what = "the status of a message that is not compressed as it says"
    check_equal(error.code(), grpc.StatusCode.INVALID_ARGUMENT, what)
