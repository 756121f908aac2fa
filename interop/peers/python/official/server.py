"""gRPC's interop server on grpcio.

It prints "listening on <port>" when it is ready. The generated stubs are found by PYTHONPATH; see src/toolchain/python.ts.
"""

from concurrent import futures

import grpc

from authenticator import Authenticator
from flags import parse_server_flags
from messages import NO_DECOMPRESSION
from test_service import create_test_service

# Each call holds a thread while it lasts; further calls wait for one.
MAX_WORKERS = 32


def main() -> None:
    flags = parse_server_flags()
    authenticator = Authenticator(flags.trust_file) if flags.trust_file else None
    server = grpc.server(futures.ThreadPoolExecutor(MAX_WORKERS), options=[NO_DECOMPRESSION])
    server.add_generic_rpc_handlers((create_test_service(authenticator),))
    address = f"[::]:{flags.port}"
    if flags.use_tls:
        port = server.add_secure_port(address, credentials_of(flags))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print(f"listening on {port}", flush=True)
    server.wait_for_termination()


def credentials_of(flags) -> grpc.ServerCredentials:
    with open(flags.tls_key_file, "rb") as key, open(flags.tls_cert_file, "rb") as certificate:
        return grpc.ssl_server_credentials([(key.read(), certificate.read())])


if __name__ == "__main__":
    main()
