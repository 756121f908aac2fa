"""The cases that repeat large_unary for as long as the flags say: on one channel, or each time on a new one."""

import sys
import threading
import time
from concurrent import futures

import grpc
import messages_pb2
import test_pb2_grpc

from messages import zeros
from session import Session, check_equal, check_payload


def rpc_soak(session: Session) -> None:
    _soak(session, lambda: session.channel, lambda channel: None)


def channel_soak(session: Session) -> None:
    _soak(session, session.open_channel, lambda channel: channel.close())


def _soak(session: Session, begin, end) -> None:
    flags = session.flags
    deadline = time.monotonic() + flags.soak_overall_timeout_seconds
    counted = threading.Lock()
    done = failed = 0

    def run_thread() -> None:
        nonlocal done, failed
        for _ in range(flags.soak_iterations // flags.soak_num_threads):
            earliest_next = time.monotonic() + flags.soak_min_time_ms_between_rpcs / 1000
            if time.monotonic() >= deadline:
                return
            channel = begin()
            succeeded = _succeeds(channel, flags, deadline)
            end(channel)
            with counted:
                done += 1
                failed += not succeeded
            time.sleep(max(0, earliest_next - time.monotonic()))

    with futures.ThreadPoolExecutor(flags.soak_num_threads) as pool:
        for thread in [pool.submit(run_thread) for _ in range(flags.soak_num_threads)]:
            thread.result()
    check_equal(done, flags.soak_iterations, "the iterations that were done in time")
    check_equal(failed <= flags.soak_max_failures, True, f"whether {failed} failures are allowed")


def _succeeds(channel: grpc.Channel, flags, deadline: float) -> bool:
    request = messages_pb2.SimpleRequest(
        response_size=flags.soak_response_size, payload=zeros(flags.soak_request_size)
    )
    start = time.monotonic()
    try:
        response = test_pb2_grpc.TestServiceStub(channel).UnaryCall(request, timeout=deadline - start)
        check_payload(response.payload, flags.soak_response_size)
    except (grpc.RpcError, AssertionError) as error:
        print(f"an iteration failed: {error}", file=sys.stderr)
        return False
    latency_ms = (time.monotonic() - start) * 1000
    if latency_ms > flags.soak_per_iteration_max_acceptable_latency_ms:
        print(f"an iteration took {latency_ms:.1f} ms", file=sys.stderr)
        return False
    return True
