/** The cases of metadata and status messages. */
import { type Channel, createClient, Metadata, type StatusCode } from "heddle";
import { Probe } from "../../gen/interop_probe_pb.js";
import { failureOf, hex } from "./client-case.js";

export const metadataCases = { metadata: metadataBothWays, fail: failures };

async function metadataBothWays(channel: Channel, { ascii, binary }: { ascii: string[]; binary: string[] }) {
  let headers = new Metadata();
  let trailers = new Metadata();
  const report = await createClient(Probe, channel).reportMetadata(
    {},
    {
      metadata: { "probe-ascii": ascii, "probe-bin": binary.map((value) => Buffer.from(value, "hex")) },
      onHeaders: (received) => {
        headers = received;
      },
      onTrailers: (received) => {
        trailers = received;
      },
    },
  );
  return {
    seen: { ascii: report.ascii, binary: report.binary.map(hex) },
    headers: { ascii: headers.getAll("probe-header"), binary: headers.getAll("probe-header-bin").map(hex) },
    trailers: { ascii: trailers.getAll("probe-trailer"), binary: trailers.getAll("probe-trailer-bin").map(hex) },
  };
}

async function failures(channel: Channel, input: { failures: { code: StatusCode; message: string }[] }) {
  const client = createClient(Probe, channel);
  const results: object[] = [];
  for (const wanted of input.failures) {
    const { code, message, metadata } = await failureOf(() => client.fail(wanted));
    results.push({ code, message, trailer: metadata.getAll("probe-trailer") });
  }
  return { failures: results };
}
