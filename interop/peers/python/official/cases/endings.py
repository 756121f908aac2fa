"""The cases of calls that the client gives up."""

import queue

import empty_pb2
import grpc
import messages_pb2

from cases.streaming import output_request
from messages import zeros
from session import Session, check_equal, check_payload, failure_of


def cancel_after_begin(session: Session) -> None:
    session.stub.EmptyCall(empty_pb2.Empty())
    requests = queue.SimpleQueue()
    call = session.stub.StreamingInputCall.future(iter(requests.get, None))
    call.cancel()
    requests.put(None)
    check_equal(call.code(), grpc.StatusCode.CANCELLED, "the status of the call")


def cancel_after_first_response(session: Session) -> None:
    requests = queue.SimpleQueue()
    call = session.stub.FullDuplexCall(iter(requests.get, None))
    requests.put(output_request(31415, 27182))
    check_payload(next(call).payload, 31415)
    call.cancel()
    requests.put(None)
    check_equal(failure_of(lambda: next(call)).code(), grpc.StatusCode.CANCELLED, "the status of the call")


def timeout_on_sleeping_server(session: Session) -> None:
    session.stub.EmptyCall(empty_pb2.Empty())
    requests = queue.SimpleQueue()
    requests.put(messages_pb2.StreamingOutputCallRequest(payload=zeros(27182)))
    call = session.stub.FullDuplexCall(iter(requests.get, None), timeout=0.001)
    error = failure_of(lambda: next(call))
    requests.put(None)
    check_equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED, "the status of the call")
