/** Servers and channels on Unix sockets, plain and with TLS, and what happens to the file. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp2Server } from "node:http2";
import { connect as netConnect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createChannel, createClient, createServer, type Peer, type RpcError, StatusCode } from "../index.js";
import { channelTls, keyPair, pemOf, serverTls } from "./testing/certificates.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, type StartOptions, start, turn } from "./testing/probe.js";

const folder = mkdtempSync(path.join(tmpdir(), "heddle-"));
closeLater(async () => rmSync(folder, { recursive: true }));

let files = 0;

/** A path that is not taken. */
function freePath(): string {
  files += 1;
  return path.join(folder, `${files}.sock`);
}

/** A server and a client on a Unix socket, and the peers that handlers have seen. */
async function startUnix(address: string, options: StartOptions = {}) {
  const peers: Peer[] = [];
  const setup = await start(
    {
      unary(request, call) {
        peers.push(call.peer);
        return { text: request.text, data: request.data };
      },
    },
    { address, ...options },
  );
  return { ...setup, peers };
}

/** A program that listens on a path and dies without closing it. */
async function leaveStaleSocket(file: string): Promise<void> {
  const source = `require("node:net").createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, "SIGKILL"))`;
  const child = spawn(process.execPath, ["--eval", source], { stdio: "ignore" });
  await once(child, "close");
  assert.ok(lstatSync(file).isSocket());
}

test("calls go over a Unix socket, whose address has both forms and whose port is 0", async () => {
  const file = freePath();
  const { client, peers, address, port } = await startUnix(`unix://${file}`);
  assert.equal(address, `unix:${file}`);
  assert.equal(port, 0);
  assert.equal((await client.unary({ text: "a" })).text, "a");
  assert.equal((await collect(client.serverStream({ count: 3 }))).length, 3);
  assert.deepEqual(peers, [{ address: `unix:${file}`, tls: undefined }]);
  const channel = createChannel(`unix://${file}`);
  closeLater(() => channel.close());
  assert.equal((await createClient(Probe, channel).unary({ text: "b" })).text, "b");
});

test("a relative path starts at the working directory", async () => {
  const file = path.relative(process.cwd(), freePath());
  const { client, address } = await startUnix(`unix:${file}`);
  assert.equal(address, `unix:${file}`);
  await client.unary({});
});

test("much data goes over a Unix socket", async () => {
  const { client } = await startUnix(`unix:${freePath()}`);
  const data = new Uint8Array(3_000_000).fill(7);
  assert.ok(Buffer.from((await client.unary({ data })).data).equals(data));
});

test("TLS on a Unix socket: the server is localhost, and its peer's certificate is known", async () => {
  const { client, peers } = await startUnix(`unix:${freePath()}`, {
    listen: { tls: serverTls({ clientCa: pemOf("authority.pem") }) },
    channel: { tls: channelTls(keyPair("client")) },
  });
  await client.unary({});
  assert.equal(peers[0]?.tls?.certificate?.commonName, "client");
});

test("TLS on a Unix socket demands a certificate for localhost, or for the server name", async () => {
  const listen = { tls: keyPair("other-host") };
  const { client, address } = await startUnix(`unix:${freePath()}`, { listen, channel: { tls: channelTls() } });
  await assert.rejects(client.unary({}), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /could not connect to unix:.*\.sock: the server's certificate is not for localhost/);
    return true;
  });
  const channel = createChannel(address, { tls: channelTls({ serverName: "other.example" }) });
  closeLater(() => channel.close());
  await createClient(Probe, channel).unary({});
});

test("the file is removed at the shutdown, and the path can be listened on again", async () => {
  const file = freePath();
  const first = await startUnix(`unix:${file}`);
  await first.client.unary({});
  await first.server.shutdown();
  assert.equal(existsSync(file), false);
  const second = await startUnix(`unix:${file}`);
  await second.client.unary({});
});

test("a file that a dead server has left is replaced", async () => {
  const file = freePath();
  await leaveStaleSocket(file);
  const { client } = await startUnix(`unix:${file}`);
  await client.unary({});
});

test("a socket on which a server listens is left to it", async () => {
  const file = freePath();
  const { client } = await startUnix(`unix:${file}`);
  await assert.rejects(createServer().listen(`unix:${file}`), { message: `a server listens on unix:${file} already` });
  await client.unary({});
});

test("a file that is no socket is left alone", async () => {
  const file = freePath();
  writeFileSync(file, "precious");
  await assert.rejects(createServer().listen(`unix:${file}`), { message: /is there already and is no socket/ });
  assert.ok(lstatSync(file).isFile());
});

test("a folder that is not there is an error that names it", async () => {
  await assert.rejects(createServer().listen(`unix:${folder}/nowhere/a.sock`), { message: /nowhere\/a\.sock/ });
});

test("a path that is too long for the system is refused on both sides", async () => {
  const file = path.join(folder, "x".repeat(120));
  await assert.rejects(createServer().listen(`unix:${file}`), {
    name: "RangeError",
    message: /has 1\d\d octets, and /,
  });
  const channel = createChannel(`unix:${file}`);
  closeLater(() => channel.close());
  await assert.rejects(createClient(Probe, channel).unary({}), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAVAILABLE);
    assert.match(error.message, /the path of the Unix socket has 1\d\d octets/);
    return true;
  });
});

test("nobody listening is UNAVAILABLE, with the path, whether or not there is a file", async () => {
  const missing = freePath();
  const stale = freePath();
  await leaveStaleSocket(stale);
  for (const [file, reason] of [
    [missing, "ENOENT"],
    [stale, "ECONNREFUSED"],
  ] as const) {
    const channel = createChannel(`unix:${file}`);
    closeLater(() => channel.close());
    await assert.rejects(createClient(Probe, channel).unary({}), (error: RpcError) => {
      assert.equal(error.code, StatusCode.UNAVAILABLE);
      assert.match(error.message, new RegExp(`could not connect to unix:${file}: .*${reason}`));
      return true;
    });
  }
});

test("a connection that fails at its handshake is reported with the path", async () => {
  const file = freePath();
  const { failures } = await startUnix(`unix:${file}`, { listen: { tls: serverTls() } });
  const socket = netConnect({ path: file });
  socket.on("error", () => {});
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await new Promise((resolve) => socket.resume().once("close", resolve));
  while (failures.length === 0) await turn();
  assert.equal(failures[0]?.peer, `unix:${file}`);
  assert.match(failures[0]?.message ?? "", /does not speak TLS/);
});

test("the authority of calls over a Unix socket is localhost", async () => {
  const file = freePath();
  const authorities: (string | undefined)[] = [];
  const server = createHttp2Server();
  server.on("stream", (stream, headers) => {
    authorities.push(headers[":authority"]);
    stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "12" }, { endStream: true });
  });
  server.listen(file);
  await once(server, "listening");
  closeLater(() => new Promise((resolve) => server.close(() => resolve())));
  const channel = createChannel(`unix:${file}`);
  closeLater(() => channel.close());
  await assert.rejects(createClient(Probe, channel).unary({}), { code: StatusCode.UNIMPLEMENTED });
  assert.deepEqual(authorities, ["localhost"]);
});

test("a server on a Unix socket and on a port answers on both", async () => {
  const { server, client } = await startUnix(`unix:${freePath()}`);
  const { address } = await server.listen("127.0.0.1:0");
  const channel = createChannel(address);
  closeLater(() => channel.close());
  await createClient(Probe, channel).unary({});
  await client.unary({});
});
