/** The command line of the interop client. */
import { parseArgs } from "node:util";
import { Metadata } from "heddle";
import { booleanFlag, integerFlag } from "./flags.js";

/** The names are gRPC's; `ca_file` is that of grpc-go's client. */
const options = {
  server_host: { type: "string", default: "localhost" },
  server_port: { type: "string", default: "" },
  server_host_override: { type: "string", default: "" },
  use_tls: { type: "string", default: "false" },
  use_test_ca: { type: "string", default: "false" },
  ca_file: { type: "string", default: "" },
  test_case: { type: "string", default: "large_unary" },
  default_service_account: { type: "string", default: "" },
  oauth_scope: { type: "string", default: "" },
  service_account_key_file: { type: "string", default: "" },
  additional_metadata: { type: "string", default: "" },
  soak_iterations: { type: "string", default: "10" },
  soak_max_failures: { type: "string", default: "0" },
  soak_per_iteration_max_acceptable_latency_ms: { type: "string", default: "1000" },
  soak_overall_timeout_seconds: { type: "string", default: "10" },
  soak_min_time_ms_between_rpcs: { type: "string", default: "0" },
  soak_request_size: { type: "string", default: "271828" },
  soak_response_size: { type: "string", default: "314159" },
  soak_num_threads: { type: "string", default: "1" },
} as const;

type FlagName = keyof typeof options;
type FlagValues = Readonly<Record<FlagName, string>>;

/** How the server is reached. */
export interface TargetFlags {
  readonly host: string;
  readonly port: number;
  /** The name of the server in `:authority` and in its certificate, in place of the host; `undefined` leaves the host. */
  readonly hostOverride: string | undefined;
  /** `undefined` for plaintext. */
  readonly tls: TlsFlags | undefined;
}

export interface TlsFlags {
  /** The file of the authority that is trusted in place of the system's. */
  readonly caFile: string | undefined;
}

/** What `rpc_soak` and `channel_soak` do. */
export interface SoakFlags {
  readonly iterations: number;
  readonly maxFailures: number;
  /** An iteration that takes longer has failed. */
  readonly maxLatencyMs: number;
  readonly overallTimeoutMs: number;
  readonly minTimeBetweenRpcsMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** How many calls are under way at a time; each thread does its share of the iterations. */
  readonly threads: number;
}

/** Who the client is. Empty where the flag is missing. */
export interface AccountFlags {
  readonly defaultServiceAccount: string;
  readonly oauthScope: string;
  readonly keyFile: string;
}

export interface ClientFlags {
  readonly target: TargetFlags;
  readonly testCase: string;
  readonly soak: SoakFlags;
  readonly account: AccountFlags;
  /** Goes with every call. */
  readonly additionalMetadata: Metadata;
}

/** Throws a `TypeError` that says which flag is wrong. */
export function parseClientFlags(args: string[]): ClientFlags {
  const { values } = parseArgs({ args, options });
  return {
    target: targetOf(values),
    testCase: values.test_case,
    soak: soakOf(values),
    account: {
      defaultServiceAccount: values.default_service_account,
      oauthScope: values.oauth_scope,
      keyFile: values.service_account_key_file,
    },
    additionalMetadata: parseAdditionalMetadata(values.additional_metadata),
  };
}

function targetOf(values: FlagValues): TargetFlags {
  return {
    host: values.server_host,
    port: integer(values, "server_port", 1),
    hostOverride: values.server_host_override || undefined,
    tls: booleanFlag("use_tls", values.use_tls) ? tlsOf(values) : undefined,
  };
}

function tlsOf(values: FlagValues): TlsFlags {
  if (!booleanFlag("use_test_ca", values.use_test_ca)) return { caFile: undefined };
  if (values.ca_file === "") throw new TypeError("--use_test_ca=true wants --ca_file");
  return { caFile: values.ca_file };
}

function soakOf(values: FlagValues): SoakFlags {
  const iterations = integer(values, "soak_iterations", 1);
  const threads = integer(values, "soak_num_threads", 1);
  if (iterations % threads !== 0) {
    throw new TypeError(`--soak_iterations is ${iterations}; it must be a multiple of --soak_num_threads, ${threads}`);
  }
  return {
    iterations,
    maxFailures: integer(values, "soak_max_failures", 0),
    maxLatencyMs: integer(values, "soak_per_iteration_max_acceptable_latency_ms", 1),
    overallTimeoutMs: integer(values, "soak_overall_timeout_seconds", 1) * 1000,
    minTimeBetweenRpcsMs: integer(values, "soak_min_time_ms_between_rpcs", 0),
    requestBytes: integer(values, "soak_request_size", 0),
    responseBytes: integer(values, "soak_response_size", 0),
    threads,
  };
}

function integer(values: FlagValues, name: FlagName, least: number): number {
  return integerFlag(name, values[name], least);
}

/** `key:value` pairs that semicolons separate. The value is everything up to the next semicolon; that of a `-bin` key is its octets. */
function parseAdditionalMetadata(text: string): Metadata {
  const metadata = new Metadata();
  for (const pair of text === "" ? [] : text.split(";")) {
    const colon = pair.indexOf(":");
    if (colon < 1) throw new TypeError(`--additional_metadata has "${pair}"; it must be key:value;key:value`);
    const key = pair.slice(0, colon);
    const value = pair.slice(colon + 1);
    metadata.append(key, key.toLowerCase().endsWith("-bin") ? Buffer.from(value) : value);
  }
  return metadata;
}
