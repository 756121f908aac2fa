"""Performs one case of the cross-language tests on grpcio and prints its result as one line of JSON."""

import argparse
import json

import grpc

from cases import endings, examples, load, metadata, server_ends

CASES = {
    "greeter": examples.greeter,
    "unary": examples.unary,
    "bidirectional": examples.bidirectional,
    "product": examples.product,
    "category": examples.category,
    "upload": examples.upload,
    "metadata": metadata.metadata_both_ways,
    "fail": metadata.failures,
    "deadline": endings.deadline,
    "cancel": endings.cancellation,
    "unknown-method": endings.unknown_method,
    "unknown-service": endings.unknown_service,
    "send-bodies": load.send_bodies,
    "receive-bodies": load.receive_bodies,
    "slow-reader": load.slow_reader,
    "slow-server": load.slow_server,
    "early-answers": load.early_answers,
    "concurrent": load.concurrent_calls,
    "graceful-shutdown": server_ends.graceful_shutdown,
    "killed-server": server_ends.killed_server,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True, help="host:port of the server")
    parser.add_argument("--case", required=True, choices=CASES)
    parser.add_argument("--input", default="{}", help="the input of the case, as JSON")
    options = parser.parse_args()

    with grpc.insecure_channel(options.address) as channel:
        result = CASES[options.case](channel, json.loads(options.input))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
