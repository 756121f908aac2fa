"""The grpcio client of the benchmark: one thread for each call in flight. Usage: client.py JOB, a ClientJob as JSON."""

import json
import sys
import threading
import time

import bench_pb2
import bench_pb2_grpc
import greeting_pb2
import greeting_pb2_grpc
import grpc

ECHO_BYTES = 1024 * 1024
GREETING = "Hello, Alice! Welcome to gRPC."
# One call in sixteen is timed, as in the clients on Node.
TIMED_MASK = 15


def call_of(job, channel):
    """A function that makes one call and raises when the answer is wrong."""
    if job["call"] == "echo":
        bench = bench_pb2_grpc.BenchStub(channel)
        payload = bench_pb2.Payload(data=bytes(ECHO_BYTES))

        def echo():
            if len(bench.Echo(payload).data) != ECHO_BYTES:
                raise RuntimeError("wrong echo")

        return echo
    greeter = greeting_pb2_grpc.GreeterStub(channel)

    def say_hello():
        if greeter.SayHello(greeting_pb2.HelloRequest(name="Alice")).message != GREETING:
            raise RuntimeError("wrong greeting")

    return say_hello


class Worker(threading.Thread):
    """Calls until the deadline, or `calls` times when that is not 0."""

    def __init__(self, call, calls, deadline):
        super().__init__()
        self.call = call
        self.calls = calls
        self.deadline = deadline
        self.done = 0
        self.latencies = []
        self.error = None

    def run(self):
        try:
            while self.done < self.calls if self.calls else time.monotonic() < self.deadline:
                if self.done & TIMED_MASK:
                    self.call()
                else:
                    started_at = time.perf_counter()
                    self.call()
                    self.latencies.append(time.perf_counter() - started_at)
                self.done += 1
        except Exception as error:
            self.error = error


def run(call, in_flight, calls, limit_ms):
    deadline = time.monotonic() + limit_ms / 1e3
    # Whole calls for each worker: the remainder goes to the first ones.
    shares = [calls // in_flight + (index < calls % in_flight) for index in range(in_flight)]
    workers = [Worker(call, share, deadline) for share in shares if share or not calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for worker in workers:
        if worker.error is not None:
            raise worker.error
    return workers


job = json.loads(sys.argv[1])
call = call_of(job, grpc.insecure_channel(f"127.0.0.1:{job['port']}"))
run(call, job["inFlight"], 0, job["warmupMs"])
print("measuring", flush=True)

cpu_before, started_at = time.process_time(), time.monotonic()
workers = run(call, job["inFlight"], job["calls"], job["measureMs"])
seconds, cpu_seconds = time.monotonic() - started_at, time.process_time() - cpu_before
latencies = sorted(latency for worker in workers for latency in worker.latencies)
result = {
    "calls": sum(worker.done for worker in workers),
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "p50Ms": latencies[(len(latencies) - 1) * 50 // 100] * 1e3,
    "p99Ms": latencies[(len(latencies) - 1) * 99 // 100] * 1e3,
}
print(json.dumps(result), flush=True)
