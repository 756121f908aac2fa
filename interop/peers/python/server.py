"""Serves every service of the cross-language tests on grpcio.

It prints "listening on <port>" when it is ready, and exits with 0 after a graceful shutdown.
The generated stubs are found by PYTHONPATH; see src/toolchain/python.ts.
"""

import argparse
from concurrent import futures
import threading

import bidirectional_pb2_grpc
import greeter_pb2_grpc
import grpc
import interop_probe_pb2_grpc
import product_pb2_grpc
import unary_pb2_grpc
import upload_pb2_grpc

from services.conversation import Bidirectional, Greeter, Unary
from services.probe import Probe
from services.product import ProductService
from services.upload import Upload

# Each call holds a thread while it lasts, and one case makes a hundred calls at the same time.
MAX_WORKERS = 160
GRACE_SECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 takes a free one")
    port = parser.parse_args().port

    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=MAX_WORKERS),
        # Without it, two servers may share a port, and a case that frees a port for a new server would prove nothing.
        options=[("grpc.so_reuseport", 0)],
    )

    def shutdown() -> None:
        threading.Thread(target=server.stop, args=(GRACE_SECONDS,)).start()

    greeter_pb2_grpc.add_GreeterServicer_to_server(Greeter(), server)
    unary_pb2_grpc.add_UnaryServicer_to_server(Unary(), server)
    bidirectional_pb2_grpc.add_BidirectionalServicer_to_server(Bidirectional(), server)
    product_pb2_grpc.add_ProductServiceServicer_to_server(ProductService(), server)
    upload_pb2_grpc.add_UploadServicer_to_server(Upload(), server)
    interop_probe_pb2_grpc.add_ProbeServicer_to_server(Probe(shutdown), server)

    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    print(f"listening on {bound}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
