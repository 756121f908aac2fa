/** Connections with TLS that come to nothing: what each side is told, and that nothing stays behind. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  createServer as createTcpServer,
  type Server as NetServer,
  type Socket,
  connect as tcpConnect,
} from "node:net";
import { test } from "node:test";
import { createServer as createTlsServer, type TlsOptions, connect as tlsConnect } from "node:tls";
import { GrpcChannel } from "../client/channel.js";
import type { ConnectionFailure } from "../core/connection-failure.js";
import { FakeClock } from "../core/fake-clock.js";
import { type ChannelOptions, createChannel, createClient, type RpcError, StatusCode } from "../index.js";
import { nodePlatform } from "../node/node-platform.js";
import { GrpcServer } from "../server/server.js";
import { channelTls, keyPair, pemOf, serverTls } from "./testing/certificates.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, type Setup, type StartOptions, start, turn } from "./testing/probe.js";

const AUTHORITY = pemOf("authority.pem");

/** Demands that a call fails with UNAVAILABLE and a message that names the server. */
async function assertUnavailable(call: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(call, (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, message);
    assert.match(error.message, /127\.0\.0\.1:\d+/);
    return true;
  });
}

/** What the server is told of the first connection that failed. */
async function firstFailure({ failures }: Pick<Setup, "failures">): Promise<ConnectionFailure> {
  while (failures.length === 0) await turn();
  const failure = failures[0] as ConnectionFailure;
  assert.match(failure.peer, /^127\.0\.0\.1:\d+$/);
  return failure;
}

/** A call between a server and a channel of ours that do not get along. */
async function assertBothTold(options: StartOptions, client: RegExp, server: RegExp): Promise<void> {
  const setup = await start({}, options);
  await assertUnavailable(setup.client.unary({}), client);
  assert.match((await firstFailure(setup)).message, server);
}

/** Settles when a socket is closed, with an error or without. */
function untilClosed(socket: Socket): Promise<void> {
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** A server that is not ours; everything it has open is closed at the end. */
async function listenForeign(server: NetServer): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closeLater(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** A call to a server that is not ours. */
async function callForeign(server: NetServer, options: ChannelOptions): Promise<unknown> {
  const channel = createChannel(await listenForeign(server), options);
  closeLater(() => channel.close());
  return createClient(Probe, channel).unary({});
}

function foreignTls(options: TlsOptions): NetServer {
  const server = createTlsServer({ cert: pemOf("server.pem"), key: pemOf("server.key"), ...options }, (socket) => {
    socket.on("error", () => {});
  });
  return server.on("tlsClientError", () => {});
}

const withTls: ChannelOptions = { tls: channelTls() };

test("an expired certificate says so, and what time it is", async () => {
  const { client } = await start({}, { listen: { tls: keyPair("expired") }, channel: withTls });
  await assertUnavailable(
    client.unary({}),
    /server's certificate has expired \(CERT_HAS_EXPIRED; here it is \d{4}-.*Z\): renew it there, or set the clock/,
  );
});

test("a certificate for another host names the host and those of the certificate", async () => {
  const { client } = await start({}, { listen: { tls: keyPair("other-host") }, channel: withTls });
  await assertUnavailable(
    client.unary({}),
    /is not for 127\.0\.0\.1, but for DNS:other\.example .* set tls\.serverName/,
  );
});

test("serverName is what the certificate has to be for, and the target's host is not", async () => {
  const listen = { tls: serverTls() };
  const { client } = await start({}, { listen, channel: { tls: channelTls({ serverName: "other.example" }) } });
  await assertUnavailable(client.unary({}), /is not for other\.example, but for DNS:localhost/);
});

test("an unknown authority is told with and without authorities of our own; the server hears that the peer has left", async () => {
  const listen = { tls: serverTls() };
  await assertBothTold(
    { listen, channel: { tls: true } },
    /an authority that is not trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\): give its certificate as tls\.ca/,
    /peer left in the middle of the TLS handshake; a client that does not trust .* \(ECONNRESET\)/,
  );
  await assertBothTold(
    { listen, channel: { tls: { ca: pemOf("other-authority.pem") } } },
    /an authority that is not trusted here .*: add its certificate to tls\.ca/,
    /peer left/,
  );
});

test("a client without TLS at a port with TLS: both sides are told", async () => {
  await assertBothTold(
    { listen: { tls: serverTls() }, channel: {} },
    /the connection ended in its handshake .* if the server expects TLS, give the channel the option tls/,
    /the peer does not speak TLS, and this port does: .* \(ERR_SSL_WRONG_VERSION_NUMBER\)/,
  );
});

test("a client with TLS at a port without it: both sides are told", async () => {
  await assertBothTold(
    { channel: withTls },
    /the server does not speak TLS on this port \(ERR_SSL_WRONG_VERSION_NUMBER\): leave out the option tls/,
    /does not speak HTTP\/2 .* which is TLS, while this side speaks plain text/,
  );
});

test("a required certificate that is missing: both sides are told", async () => {
  await assertBothTold(
    { listen: { tls: serverTls({ clientCa: AUTHORITY }) }, channel: withTls },
    /the server wants a certificate of its clients \(.*CERTIFICATE_REQUIRED\): set tls\.certificate and tls\.privateKey/,
    /the peer has shown no certificate, and tls\.clientCertificate is "require"/,
  );
});

test("a client's certificate that is not accepted: the client is told where to look, the server why", async () => {
  const listen = { tls: serverTls({ clientCa: AUTHORITY }) };
  for (const [name, reason] of [
    ["other-client", /certificate was refused \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\); .* belongs into tls\.clientCa/],
    ["expired", /client's certificate has expired \(CERT_HAS_EXPIRED\)/],
  ] as const) {
    const channel = { tls: channelTls(keyPair(name)) };
    await assertBothTold({ listen, channel }, /it may not accept the certificate of this channel; its log/, reason);
  }
});

test("no handler is called for a client whose certificate was not accepted", async () => {
  let calls = 0;
  const setup = await start(
    {
      unary() {
        calls += 1;
        return {};
      },
    },
    {
      listen: { tls: serverTls({ clientCa: AUTHORITY }) },
      channel: { tls: channelTls(keyPair("other-client")) },
    },
  );
  await Promise.allSettled(Array.from({ length: 20 }, () => setup.client.unary({})));
  assert.equal(calls, 0);
});

test("TLS 1.1 is refused by servers and by channels", async () => {
  const setup = await start({}, { listen: { tls: serverTls() } });
  const socket = tlsConnect({
    port: setup.port,
    ca: AUTHORITY,
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  const [error] = await once(socket, "error");
  assert.match(error.code, /ALERT_PROTOCOL_VERSION/);
  assert.match((await firstFailure(setup)).message, /versions of TLS that are too old here: TLS 1\.2 is needed/);
  const server = foreignTls({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
  await assertUnavailable(
    callForeign(server, withTls),
    /have no version of TLS in common \(.*\): .* TLS 1\.2 or later/,
  );
});

test("minVersion TLSv1.3 refuses TLS 1.2, on both sides", async () => {
  const setup = await start({}, { listen: { tls: serverTls({ minVersion: "TLSv1.3" }) }, channel: withTls });
  await setup.client.unary({});
  const socket = tlsConnect({ port: setup.port, ca: AUTHORITY, maxVersion: "TLSv1.2" });
  const [error] = await once(socket, "error");
  assert.match(error.code, /ALERT_PROTOCOL_VERSION/);
  const tls = channelTls({ minVersion: "TLSv1.3" });
  await assertUnavailable(
    callForeign(foreignTls({ maxVersion: "TLSv1.2" }), { tls }),
    /have no version of TLS in common .* what tls\.minVersion asks for/,
  );
});

test("a server that does not choose h2 is no gRPC server", async () => {
  await assertUnavailable(
    callForeign(foreignTls({}), withTls),
    /the server chose no protocol by ALPN, and gRPC needs h2/,
  );
  await assertUnavailable(
    callForeign(foreignTls({ ALPNProtocols: ["http/1.1"] }), withTls),
    /the server does not speak h2 \(.*NO_APPLICATION_PROTOCOL\)/,
  );
});

test("a client that does not offer h2 is refused", async () => {
  for (const [ALPNProtocols, message] of [
    [undefined, /^the peer offers no protocol by ALPN, and gRPC needs h2/],
    [["http/1.1"], /^the peer does not offer h2 by ALPN/],
  ] as const) {
    const setup = await start({}, { listen: { tls: serverTls() } });
    const alpn = ALPNProtocols === undefined ? {} : { ALPNProtocols: [...ALPNProtocols] };
    const socket = tlsConnect({ port: setup.port, ca: AUTHORITY, ...alpn });
    await untilClosed(socket);
    assert.match((await firstFailure(setup)).message, message);
  }
});

test("cipher suites without forward secrecy or without authentication are not used", async () => {
  const weak = foreignTls({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-SHA" });
  await assertUnavailable(
    callForeign(weak, withTls),
    /refused the TLS handshake \(.*\): it has no cipher suite in common/,
  );
  const setup = await start({}, { listen: { tls: serverTls() } });
  const socket = tlsConnect({
    port: setup.port,
    ca: AUTHORITY,
    maxVersion: "TLSv1.2",
    ciphers: "ECDHE-ECDSA-AES256-SHA",
  });
  await once(socket, "error");
  assert.match((await firstFailure(setup)).message, /no cipher suite in common/);
});

test("a server of TLS 1.2 that wants a certificate is recognised", async () => {
  const server = foreignTls({ maxVersion: "TLSv1.2", requestCert: true, ca: AUTHORITY, ALPNProtocols: ["h2"] });
  await assertUnavailable(callForeign(server, withTls), /or it wants a certificate: set tls\.certificate/);
});

test("a server that hangs up in the handshake, in order or not, is told from one that is not there", async () => {
  for (const hangUp of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
    const server = createTcpServer((socket) => socket.once("data", () => hangUp(socket)));
    await assertUnavailable(callForeign(server, withTls), /the server closed the connection in the TLS handshake/);
  }
});

test("a channel without TLS shows what else a server speaks", async () => {
  for (const [answer, message] of [
    [Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), /it sent "HTTP\/1\.1 400 Bad Request/],
    [
      Buffer.from([0x15, 3, 3, 0, 2, 2, 70]),
      /which is TLS, while this side speaks plain text; if the server expects TLS/,
    ],
  ] as const) {
    const server = createTcpServer((socket) => socket.once("data", () => socket.end(answer)));
    await assertUnavailable(callForeign(server, {}), message);
  }
});

test("the TLS handshake counts within connectTimeoutMs", async () => {
  const accepted = new Promise<void>((resolve) => {
    accept = resolve;
  });
  const address = await listenForeign(createTcpServer(() => accept()));
  const clock = new FakeClock();
  const channel = new GrpcChannel({ ...nodePlatform, clock }, address, { ...withTls, connectTimeoutMs: 5_000 });
  closeLater(() => channel.close());
  const call = createClient(Probe, channel).unary({});
  await accepted;
  clock.advance(5_000);
  await assertUnavailable(
    call,
    /no HTTP\/2 connection to .* within 5000 ms: the connection and its TLS handshake did not come/,
  );
  assert.equal(clock.pendingTimers, 0);
});

let accept: () => void = () => {};

/** A server with a clock that stands still. */
async function startWithClock(handshakeTimeoutMs: number) {
  const clock = new FakeClock();
  const failures: ConnectionFailure[] = [];
  const server = new GrpcServer(
    { ...nodePlatform, clock },
    { onConnectionFailed: (failure) => failures.push(failure), http2: { handshakeTimeoutMs } },
  );
  closeLater(() => server.shutdown({ graceMs: 0 }));
  const { port } = await server.listen("127.0.0.1:0", { tls: serverTls() });
  return { clock, failures, server, port };
}

/** Opens connections that send some octets and then nothing. Settles when all are open, and gives when all are closed. */
async function openSilent(port: number, count: number, octets: Uint8Array): Promise<{ closed: Promise<unknown> }> {
  const sockets = Array.from({ length: count }, () => tcpConnect(port, "127.0.0.1"));
  const closed = sockets.map((socket) => untilClosed(socket.resume()));
  for (const socket of sockets) {
    if (socket.connecting) await once(socket, "connect");
    socket.write(octets);
  }
  return { closed: Promise.all(closed) };
}

test("a thousand connections that never finish TLS are closed when the time of the handshake is over", async () => {
  const { clock, failures, port } = await startWithClock(3_000);
  const { closed } = await openSilent(port, 1_000, Buffer.from([0x16, 3, 1, 2]));
  // All of them have been accepted when each has its timer.
  while (clock.pendingTimers < 1_000) await turn();
  clock.advance(2_999);
  assert.equal(failures.length, 0);
  clock.advance(1);
  await closed;
  assert.equal(failures.length, 1_000);
  assert.equal(failures[0]?.message, "no TLS handshake within 3000 ms (http2.handshakeTimeoutMs)");
  assert.equal(clock.pendingTimers, 0);
});

test("what TLS has taken of the time of the handshake is not given again to HTTP/2", async () => {
  const { clock, failures, port } = await startWithClock(3_000);
  const connection = tcpConnect(port, "127.0.0.1");
  await once(connection, "connect");
  while (clock.pendingTimers === 0) await turn();
  clock.advance(2_000);
  const socket = tlsConnect({ socket: connection, ca: AUTHORITY, servername: "localhost", ALPNProtocols: ["h2"] });
  // The server's SETTINGS.
  await once(socket, "data");
  clock.advance(999);
  assert.equal(failures.length, 0);
  clock.advance(1);
  await untilClosed(socket);
  assert.match(failures[0]?.message ?? "", /the peer has not sent its SETTINGS/);
});

test("a shutdown does not wait for handshakes", async () => {
  const { clock, failures, server, port } = await startWithClock(3_000);
  const { closed } = await openSilent(port, 10, Buffer.from([0x16]));
  while (clock.pendingTimers < 10) await turn();
  await server.shutdown();
  await closed;
  assert.equal(failures.length, 0);
  assert.equal(clock.pendingTimers, 0);
});

test("who connects and leaves without a word is no failure", async () => {
  const { clock, failures, port } = await startWithClock(3_000);
  for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
    const socket = tcpConnect(port, "127.0.0.1");
    await once(socket, "connect");
    while (clock.pendingTimers === 0) await turn();
    leave(socket);
    while (clock.pendingTimers > 0) await turn();
  }
  assert.equal(failures.length, 0);
});

test("octets of any kind in place of a handshake do no harm to others", async () => {
  const setup = await start({}, { listen: { tls: serverTls() }, channel: withTls });
  const noise = [
    Buffer.alloc(0),
    Buffer.alloc(20_000),
    Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    Buffer.from([0x16, 3, 3, 0xff, 0xff, 1]),
    Buffer.from([0x16, 3, 1, 0, 4, 1, 0, 0, 0]),
    Buffer.from([0x15, 3, 1, 0, 2, 2, 0]),
    Buffer.from([0x17, 3, 3, 0, 1, 0]),
  ];
  for (const octets of noise) {
    const socket = tcpConnect(setup.port, "127.0.0.1");
    socket.end(octets);
    await untilClosed(socket.resume());
    await setup.client.unary({});
  }
  assert.ok(setup.failures.length >= 5);
  for (const { message } of setup.failures) assert.doesNotMatch(message, /\n/);
});
