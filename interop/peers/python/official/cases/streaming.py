"""The cases of streams."""

import queue

import messages_pb2

from messages import zeros
from session import Session, check_equal, check_payload

REQUEST_BYTES = [27182, 8, 1828, 45904]
RESPONSE_BYTES = [31415, 9, 2653, 58979]


def output_request(response_bytes: int, request_bytes: int) -> messages_pb2.StreamingOutputCallRequest:
    """A request that wants one response."""
    parameters = [messages_pb2.ResponseParameters(size=response_bytes)]
    return messages_pb2.StreamingOutputCallRequest(response_parameters=parameters, payload=zeros(request_bytes))


def client_streaming(session: Session) -> None:
    requests = [messages_pb2.StreamingInputCallRequest(payload=zeros(size)) for size in REQUEST_BYTES]
    response = session.stub.StreamingInputCall(iter(requests))
    check_equal(response.aggregated_payload_size, 74922, "the octets that the server has counted")


def server_streaming(session: Session) -> None:
    parameters = [messages_pb2.ResponseParameters(size=size) for size in RESPONSE_BYTES]
    request = messages_pb2.StreamingOutputCallRequest(response_parameters=parameters)
    responses = list(session.stub.StreamingOutputCall(request))
    check_equal(len(responses), len(RESPONSE_BYTES), "the number of responses")
    for response, size in zip(responses, RESPONSE_BYTES):
        check_payload(response.payload, size)


def ping_pong(session: Session) -> None:
    requests = queue.SimpleQueue()
    responses = session.stub.FullDuplexCall(iter(requests.get, None))
    for request_bytes, response_bytes in zip(REQUEST_BYTES, RESPONSE_BYTES):
        requests.put(output_request(response_bytes, request_bytes))
        check_payload(next(responses).payload, response_bytes)
    requests.put(None)
    check_equal(list(responses), [], "the responses after the last request")


def empty_stream(session: Session) -> None:
    check_equal(list(session.stub.FullDuplexCall(iter([]))), [], "the responses")
