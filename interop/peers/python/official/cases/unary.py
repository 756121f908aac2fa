"""The cases of single requests and responses."""

import time

import empty_pb2
import messages_pb2

from messages import zeros
from session import Session, check_equal, check_payload

LARGE_REQUEST_BYTES = 271828
LARGE_RESPONSE_BYTES = 314159
CONCURRENT_CALLS = 1000


def large_request(**fields) -> messages_pb2.SimpleRequest:
    return messages_pb2.SimpleRequest(
        response_size=LARGE_RESPONSE_BYTES, payload=zeros(LARGE_REQUEST_BYTES), **fields
    )


def empty_unary(session: Session) -> None:
    check_equal(session.stub.EmptyCall(empty_pb2.Empty()), empty_pb2.Empty(), "the response")


def cacheable_unary(session: Session) -> None:
    request = messages_pb2.SimpleRequest(payload=messages_pb2.Payload(body=str(time.time_ns()).encode()))
    metadata = [("x-user-ip", "1.2.3.4")]
    first = session.stub.CacheableUnaryCall(request, metadata=metadata)
    second = session.stub.CacheableUnaryCall(request, metadata=metadata)
    check_equal(second.payload.body, first.payload.body, "the payload of the second response")


def large_unary(session: Session) -> None:
    check_payload(session.stub.UnaryCall(large_request()).payload, LARGE_RESPONSE_BYTES)


def concurrent_large_unary(session: Session) -> None:
    request = large_request()
    calls = [session.stub.UnaryCall.future(request) for _ in range(CONCURRENT_CALLS)]
    for call in calls:
        check_payload(call.result().payload, LARGE_RESPONSE_BYTES)
