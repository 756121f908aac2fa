"""gRPC's interop client on grpcio: performs one case, and ends with 0 if everything was as gRPC's description says."""

import importlib

from flags import parse_client_flags
from session import Session

# The modules of the cases. Only the one that is wanted is loaded.
MODULES = {
    "unary": ["empty_unary", "cacheable_unary", "large_unary", "concurrent_large_unary"],
    "streaming": ["client_streaming", "server_streaming", "ping_pong", "empty_stream"],
    "compressed": [
        "client_compressed_unary",
        "server_compressed_unary",
        "client_compressed_streaming",
        "server_compressed_streaming",
    ],
    "statuses": [
        "custom_metadata",
        "status_code_and_message",
        "special_status_message",
        "unimplemented_method",
        "unimplemented_service",
    ],
    "endings": ["cancel_after_begin", "cancel_after_first_response", "timeout_on_sleeping_server"],
    "soak": ["rpc_soak", "channel_soak"],
    "credentials": ["jwt_token_creds", "oauth2_auth_token", "per_rpc_creds"],
}


def main() -> None:
    module_of = {case: module for module, cases in MODULES.items() for case in cases}
    flags = parse_client_flags(list(module_of))
    module = importlib.import_module(f"cases.{module_of[flags.test_case]}")
    getattr(module, flags.test_case)(Session(flags))
    print(f"{flags.test_case} passed")


if __name__ == "__main__":
    main()
