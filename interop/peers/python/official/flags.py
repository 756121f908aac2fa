"""The command lines of the interop programs. The names and defaults are gRPC's.

Source: https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md
"""

import argparse


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise argparse.ArgumentTypeError(f'"{text}" is neither true nor false')
    return text.lower() == "true"


def parse_server_flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--use_tls", type=_boolean, default=False)
    parser.add_argument("--tls_cert_file", help="the server's certificate, in PEM")
    parser.add_argument("--tls_key_file", help="its key, in PEM")
    parser.add_argument("--trust_file", help="whose tokens are believed; without it nobody is authenticated")
    return parser.parse_args()


def parse_client_flags(cases) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--server_host", default="localhost")
    parser.add_argument("--server_port", type=int, required=True)
    parser.add_argument("--server_host_override", default="")
    parser.add_argument("--use_tls", type=_boolean, default=False)
    parser.add_argument("--use_test_ca", type=_boolean, default=False)
    parser.add_argument("--ca_file", help="the authority that is trusted with --use_test_ca=true, in PEM")
    parser.add_argument("--test_case", default="large_unary", choices=cases)
    parser.add_argument("--default_service_account", default="")
    parser.add_argument("--oauth_scope", default="")
    parser.add_argument("--service_account_key_file", default="")
    parser.add_argument("--soak_iterations", type=int, default=10)
    parser.add_argument("--soak_max_failures", type=int, default=0)
    parser.add_argument("--soak_per_iteration_max_acceptable_latency_ms", type=int, default=1000)
    parser.add_argument("--soak_overall_timeout_seconds", type=int, default=10)
    parser.add_argument("--soak_min_time_ms_between_rpcs", type=int, default=0)
    parser.add_argument("--soak_request_size", type=int, default=271828)
    parser.add_argument("--soak_response_size", type=int, default=314159)
    parser.add_argument("--soak_num_threads", type=int, default=1)
    return parser.parse_args()
