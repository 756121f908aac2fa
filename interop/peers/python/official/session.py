"""One run of the interop client: its flags, and channels to the server."""

from functools import cached_property

import grpc
import test_pb2_grpc


class Session:
    def __init__(self, flags) -> None:
        self.flags = flags

    @cached_property
    def channel(self) -> grpc.Channel:
        return self.open_channel()

    @cached_property
    def stub(self) -> test_pb2_grpc.TestServiceStub:
        return test_pb2_grpc.TestServiceStub(self.channel)

    def open_channel(self, call_credentials: grpc.CallCredentials | None = None, options=()) -> grpc.Channel:
        flags = self.flags
        address = f"{flags.server_host}:{flags.server_port}"
        options = list(options)
        if not flags.use_tls:
            if flags.server_host_override:
                options.append(("grpc.default_authority", flags.server_host_override))
            return grpc.insecure_channel(address, options)
        if flags.server_host_override:
            options.append(("grpc.ssl_target_name_override", flags.server_host_override))
        credentials = grpc.ssl_channel_credentials(self._roots())
        if call_credentials is not None:
            credentials = grpc.composite_channel_credentials(credentials, call_credentials)
        return grpc.secure_channel(address, credentials, options)

    def _roots(self) -> bytes | None:
        if not self.flags.use_test_ca:
            return None
        with open(self.flags.ca_file, "rb") as file:
            return file.read()


def check_payload(payload, size: int) -> None:
    """Fails when a response's payload has not this size and zeros only."""
    check_equal(len(payload.body), size, "the size of the payload in octets")
    check_equal(payload.body, bytes(size), "the payload")


def check_equal(actual, wanted, what: str) -> None:
    if actual != wanted:
        raise AssertionError(f"{what}: {str(actual)[:200]}; it should be {str(wanted)[:200]}")


def failure_of(call) -> grpc.RpcError:
    """The error with which a call must fail."""
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded; it should have failed")
