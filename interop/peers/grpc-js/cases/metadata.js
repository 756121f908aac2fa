/** The cases of metadata and status messages. */
import { Metadata } from "@grpc/grpc-js";
import { Probe } from "../protos.js";
import { outcomeOf } from "./common.js";

export async function metadataBothWays(connect, { ascii, binary }) {
  const metadata = new Metadata();
  for (const value of ascii) metadata.add("probe-ascii", value);
  for (const value of binary) metadata.add("probe-bin", Buffer.from(value, "hex"));
  const { value, headers, trailers } = await outcomeOf(connect(Probe), "reportMetadata", {}, { metadata });
  return {
    seen: { ascii: value.ascii, binary: value.binary.map(toHex) },
    headers: valuesOf(headers, "probe-header"),
    trailers: valuesOf(trailers, "probe-trailer"),
  };
}

function valuesOf(received, key) {
  return { ascii: received.get(key), binary: received.get(`${key}-bin`).map(toHex) };
}

function toHex(bytes) {
  return bytes.toString("hex");
}

export async function failures(connect, { failures }) {
  const client = connect(Probe);
  const results = [];
  for (const wanted of failures) {
    const { code, message, trailers } = await outcomeOf(client, "fail", wanted);
    results.push({ code, message, trailer: trailers.get("probe-trailer") });
  }
  return { failures: results };
}
