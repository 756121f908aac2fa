/** The cases of gRPC's interop tests, and what each of them needs to be run. */

/** What stands between the programs, or is given to them. */
export type Need =
  /** Nothing but a client and a server. */
  | "nothing"
  /** A proxy that answers a request from its memory. */
  | "caching proxy"
  /** A service account, somebody who grants it tokens, and TLS: tokens are never sent in plaintext. */
  | "service account";

export interface OfficialCase {
  readonly name: string;
  readonly needs: Need;
  /** Flags of the client beside those that every case gets. */
  readonly flags: readonly string[];
}

/** Few, since the matrix is run often; and slow ones are no failures, since machines of the continuous integration are slow. */
const SOAK_FLAGS = [
  "--soak_iterations=12",
  "--soak_num_threads=2",
  "--soak_per_iteration_max_acceptable_latency_ms=10000",
  "--soak_overall_timeout_seconds=25",
];

export const compressedCaseNames: readonly string[] = [
  "client_compressed_unary",
  "server_compressed_unary",
  "client_compressed_streaming",
  "server_compressed_streaming",
];

export const credentialsCaseNames: readonly string[] = ["jwt_token_creds", "oauth2_auth_token", "per_rpc_creds"];

/** In the order of gRPC's description. */
export const officialCases: readonly OfficialCase[] = [
  plain("empty_unary"),
  { name: "cacheable_unary", needs: "caching proxy", flags: [] },
  plain("large_unary"),
  plain("client_compressed_unary"),
  plain("server_compressed_unary"),
  plain("client_streaming"),
  plain("client_compressed_streaming"),
  plain("server_streaming"),
  plain("server_compressed_streaming"),
  plain("ping_pong"),
  plain("empty_stream"),
  ...credentialsCaseNames.map((name) => ({ name, needs: "service account" as const, flags: [] })),
  plain("custom_metadata"),
  plain("status_code_and_message"),
  plain("special_status_message"),
  plain("unimplemented_method"),
  plain("unimplemented_service"),
  plain("cancel_after_begin"),
  plain("cancel_after_first_response"),
  plain("timeout_on_sleeping_server"),
  plain("concurrent_large_unary"),
  plain("rpc_soak", SOAK_FLAGS),
  plain("channel_soak", SOAK_FLAGS),
];

function plain(name: string, flags: readonly string[] = []): OfficialCase {
  return { name, needs: "nothing", flags };
}
