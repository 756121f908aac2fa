"""The grpcio server of the benchmark. Usage: server.py PORT"""

import sys
from concurrent import futures

import bench_pb2
import bench_pb2_grpc
import greeting_pb2
import greeting_pb2_grpc
import grpc

STREAM_LENGTH = 1000
# The pool that the guides and examples of grpcio use.
WORKERS = 10


class Greeter(greeting_pb2_grpc.GreeterServicer):
    def SayHello(self, request, context):
        return greeting_pb2.HelloReply(message=f"Hello, {request.name}! Welcome to gRPC.")


class Bench(bench_pb2_grpc.BenchServicer):
    def Stream(self, request, context):
        for index in range(request.count or STREAM_LENGTH):
            yield bench_pb2.StreamReply(message=f"Hello {index}")

    def Echo(self, request, context):
        return request


server = grpc.server(futures.ThreadPoolExecutor(max_workers=WORKERS))
greeting_pb2_grpc.add_GreeterServicer_to_server(Greeter(), server)
bench_pb2_grpc.add_BenchServicer_to_server(Bench(), server)
server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
server.start()
server.wait_for_termination()
