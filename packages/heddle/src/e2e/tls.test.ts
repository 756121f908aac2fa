/** Calls over TLS: who is on the other side, what a handler learns of it, and what is sent. Failures are in `tls-failures.test.ts`. */
import assert from "node:assert/strict";
import { randomBytes, X509Certificate } from "node:crypto";
import { type ClientHttp2Session, createSecureServer, connect as http2Connect } from "node:http2";
import { test } from "node:test";
import { connect as tlsConnect } from "node:tls";
import { createChannel, createClient, type Peer, StatusCode } from "../index.js";
import { channelTls, keyPair, pemOf, serverTls } from "./testing/certificates.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, type StartOptions, start } from "./testing/probe.js";

const AUTHORITY = pemOf("authority.pem");

/** A server and a client with TLS, and the peers that handlers have seen. */
async function startTls(options: StartOptions = {}) {
  const peers: Peer[] = [];
  const setup = await start(
    {
      unary(request, call) {
        peers.push(call.peer);
        return { text: request.text, data: request.data };
      },
    },
    { listen: { tls: serverTls() }, channel: { tls: channelTls() }, ...options },
  );
  return { ...setup, peers };
}

test("all four kinds of calls go over TLS", async () => {
  const { client } = await startTls();
  assert.equal((await client.unary({ text: "a" })).text, "a");
  assert.equal((await collect(client.serverStream({ count: 3 }))).length, 3);
  assert.equal((await client.clientStream([{ text: "a" }, { text: "b" }])).text, "ab");
  assert.deepEqual(
    (await collect(client.bidi([{ text: "a" }, { text: "b" }]))).map((reply) => reply.text),
    ["a", "b"],
  );
});

test("much data in both directions at once arrives as it was sent, though buffers are used again", async () => {
  const { client } = await startTls();
  const sent = Array.from({ length: 24 }, (_, index) => randomBytes(1_000 + index * 60_000));
  const received = await Promise.all(sent.map((data) => client.unary({ data })));
  received.forEach(({ data }, index) => {
    assert.ok(Buffer.from(data).equals(sent[index] as Buffer), `message ${index}`);
  });
});

test("a handler sees the protocol and the cipher suite, and no certificate when none is asked for", async () => {
  const { client, peers } = await startTls({ channel: { tls: channelTls(keyPair("client")) } });
  await client.unary({});
  const tls = peers[0]?.tls;
  assert.equal(tls?.protocol, "TLSv1.3");
  assert.match(tls?.cipher ?? "", /^TLS_(AES|CHACHA)/);
  assert.equal(tls?.certificate, undefined);
});

test("a connection without TLS has no peer.tls", async () => {
  const peers: Peer[] = [];
  const { client } = await start({
    unary(_, call) {
      peers.push(call.peer);
      return {};
    },
  });
  await client.unary({});
  assert.equal(peers[0]?.tls, undefined);
});

test("with clientCa, a client's certificate is required and its handler gets to know it", async () => {
  const { client, peers } = await startTls({
    listen: { tls: serverTls({ clientCa: AUTHORITY }) },
    channel: { tls: channelTls(keyPair("client")) },
  });
  await client.unary({});
  const { raw, fingerprint256, ...names } = peers[0]?.tls?.certificate ?? assert.fail("no certificate");
  const expected = new X509Certificate(pemOf("client.pem"));
  assert.deepEqual(names, {
    subject: "O=heddle tests\\, Inc., CN=client",
    commonName: "client",
    subjectAltNames: ["URI:spiffe://heddle.example/client", "DNS:client.example"],
  });
  assert.equal(fingerprint256, expected.fingerprint256);
  assert.ok(expected.raw.equals(raw));
});

test("a certificate that has only alternative names, as SPIFFE's may, has no subject and no common name", async () => {
  const { client, peers } = await startTls({
    listen: { tls: serverTls({ clientCa: AUTHORITY }) },
    channel: { tls: channelTls(keyPair("nameless")) },
  });
  await client.unary({});
  const certificate = peers[0]?.tls?.certificate;
  assert.deepEqual([certificate?.subject, certificate?.commonName], ["", undefined]);
  assert.equal(certificate?.subjectAltNames[0], "URI:spiffe://heddle.example/nameless");
});

test("a certificate that is only requested may be missing, and one that was not verified is not shown to handlers", async () => {
  const listen = { tls: serverTls({ clientCa: AUTHORITY, clientCertificate: "request" }) } as const;
  for (const [certificate, commonName] of [
    [{}, undefined],
    [keyPair("other-client"), undefined],
    [keyPair("expired"), undefined],
    [keyPair("client"), "client"],
  ] as const) {
    const { client, peers } = await startTls({ listen, channel: { tls: channelTls(certificate) } });
    await client.unary({});
    assert.equal(peers[0]?.tls?.certificate?.commonName, commonName);
  }
});

test("who resumes a session without a certificate has none all the same", async () => {
  const { address, peers } = await startTls({
    listen: { tls: serverTls({ clientCa: AUTHORITY, clientCertificate: "request" }) },
  });
  const ticket = await new Promise<Buffer>((resolve) => {
    const first = openHttp2(address);
    first.socket.once("session", resolve);
  });
  const second = openHttp2(address, ticket);
  const stream = second.session.request({
    ":method": "POST",
    ":path": "/heddle.probe.Probe/Unary",
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.end(Buffer.alloc(5));
  await new Promise((resolve) => stream.resume().once("close", resolve));
  assert.equal(second.socket.isSessionReused(), true);
  assert.notEqual(peers[0]?.tls, undefined);
  assert.equal(peers[0]?.tls?.certificate, undefined);
});

/** A session of `node:http2`, which can resume one of TLS. */
function openHttp2(address: string, session?: Buffer) {
  const [host, port] = address.split(":");
  const socket = tlsConnect({
    host: host as string,
    port: Number(port),
    ca: AUTHORITY,
    ALPNProtocols: ["h2"],
    ...(session === undefined ? {} : { session }),
  });
  const http2: ClientHttp2Session = http2Connect(`https://${address}`, { createConnection: () => socket });
  http2.on("error", () => {});
  closeLater(async () => http2.destroy());
  return { socket, session: http2 };
}

test("requests over TLS have the scheme https, and the server name as their authority", async () => {
  const seen: [string | undefined, string | undefined, string | undefined][] = [];
  const server = createSecureServer({ cert: pemOf("server.pem"), key: pemOf("server.key") });
  server.on("stream", (stream, headers) => {
    const sni = (stream.session?.socket as { servername?: string } | undefined)?.servername;
    seen.push([headers[":scheme"], headers[":authority"], sni]);
    stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "12" }, { endStream: true });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closeLater(() => new Promise((resolve) => server.close(() => resolve())));
  const target = `127.0.0.1:${(server.address() as { port: number }).port}`;
  for (const options of [{}, { serverName: "localhost" }, { serverName: "::1" }]) {
    const channel = createChannel(target, { tls: channelTls(options) });
    await assert.rejects(createClient(Probe, channel).unary({}), { code: StatusCode.UNIMPLEMENTED });
    await channel.close();
  }
  const channel = createChannel(target, { tls: channelTls({ serverName: "localhost" }), authority: "shop.example:1" });
  await assert.rejects(createClient(Probe, channel).unary({}), { code: StatusCode.UNIMPLEMENTED });
  await channel.close();
  // An address is not sent as a server name. RFC 6066 section 3.
  assert.deepEqual(seen, [
    ["https", target, false],
    ["https", "localhost", "localhost"],
    ["https", "[::1]", false],
    ["https", "shop.example:1", "localhost"],
  ]);
});

test("a server with several names is taken by any of them, with serverName by one that is not in the target", async () => {
  const { address } = await startTls();
  const port = address.slice(address.lastIndexOf(":"));
  for (const [target, serverName] of [
    [`localhost${port}`, undefined],
    [`dns:///127.0.0.1${port}`, undefined],
    [`127.0.0.1${port}`, "localhost"],
    [`localhost${port}`, "::1"],
  ] as const) {
    const channel = createChannel(target, { tls: channelTls({ serverName }) });
    await createClient(Probe, channel).unary({});
    await channel.close();
  }
});

test("an encrypted key is taken with its passphrase, on both sides", async () => {
  const encrypted = {
    certificate: pemOf("server.pem"),
    privateKey: pemOf("server-encrypted.key"),
    passphrase: "open-sesame",
  };
  const { client, peers } = await startTls({
    listen: { tls: { ...encrypted, clientCa: AUTHORITY } },
    channel: { tls: channelTls(encrypted) },
  });
  await client.unary({});
  assert.equal(peers[0]?.tls?.certificate?.commonName, "server");
});

test("several authorities may vouch, as bytes or as text, for servers and for clients", async () => {
  const authorities = [Buffer.from(pemOf("other-authority.pem")), AUTHORITY];
  for (const name of ["client", "other-client"] as const) {
    const { client, peers } = await startTls({
      listen: { tls: serverTls({ clientCa: authorities }) },
      channel: { tls: { ca: authorities, ...keyPair(name) } },
    });
    await client.unary({});
    assert.ok(peers[0]?.tls?.certificate);
  }
});

test("a server listens with TLS and without it, on two ports", async () => {
  const { server, client } = await startTls();
  const plain = await server.listen("127.0.0.1:0");
  const channel = createChannel(plain.address);
  await createClient(Probe, channel).unary({});
  await channel.close();
  await client.unary({});
});

test("a shutdown lets calls over TLS finish", async () => {
  const { server, client } = await startTls();
  let finished = false;
  const replies = client.bidi();
  await replies.send({ text: "a" });
  const iterator = replies[Symbol.asyncIterator]();
  await iterator.next();
  const stopped = server.shutdown().then(() => {
    assert.ok(finished, "the server did not wait");
  });
  await replies.send({ text: "b" });
  assert.equal((await iterator.next()).value?.text, "b");
  finished = true;
  replies.end();
  assert.equal((await iterator.next()).done, true);
  await stopped;
});

test("TLS 1.2 does without renegotiation, and with cipher suites that RFC 9113 allows", async () => {
  const { address } = await startTls();
  const [host, port] = address.split(":");
  const socket = tlsConnect({
    host: host as string,
    port: Number(port),
    ca: AUTHORITY,
    ALPNProtocols: ["h2"],
    maxVersion: "TLSv1.2",
  });
  closeLater(async () => {
    socket.destroy();
  });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  assert.match(socket.getCipher().name, /^ECDHE-.*(GCM|POLY1305)/);
  const outcome = new Promise((resolve) => {
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.renegotiate({}, (error) => resolve(error ?? "it has renegotiated"));
  });
  assert.equal(await outcome, "ERR_SSL_NO_RENEGOTIATION");
});
