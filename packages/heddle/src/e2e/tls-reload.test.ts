/** Certificates that are renewed while servers and channels use them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { connect as tlsConnect } from "node:tls";
import { FakeClock } from "../core/fake-clock.js";
import { createChannel, createClient, createServerTls } from "../index.js";
import { nodePlatform } from "../node/node-platform.js";
import { GrpcServer } from "../server/server.js";
import { channelTls, fileOf, keyPair, pemOf, serverTls } from "./testing/certificates.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, echo, start, turn } from "./testing/probe.js";

const AUTHORITY = pemOf("authority.pem");

/** The certificate that a new connection is shown, by its common name, and the session for the next one. */
async function look(port: number, session?: Buffer): Promise<{ name: string; session: Buffer; isResumed: boolean }> {
  const socket = tlsConnect({ port, ca: AUTHORITY, ALPNProtocols: ["h2"], ...(session && { session }) });
  let ticket: Buffer = Buffer.alloc(0);
  socket.on("session", (latest) => {
    ticket = latest;
  });
  try {
    // The server's SETTINGS: it has accepted us.
    await once(socket, "data");
    const name = socket.getPeerX509Certificate()?.toLegacyObject().subject.CN;
    return { name: String(name), session: ticket, isResumed: socket.isSessionReused() };
  } finally {
    socket.destroy();
  }
}

/** A folder with `tls.pem` and `tls.key`, which is removed at the end. */
function createFolder(name: "server" | "renewed" | "client" | "other-client") {
  const folder = mkdtempSync(path.join(tmpdir(), "heddle-tls-"));
  closeLater(async () => rmSync(folder, { recursive: true }));
  const put = (source: string): void => {
    copyFileSync(fileOf(`${source}.pem`), path.join(folder, "tls.pem"));
    copyFileSync(fileOf(`${source}.key`), path.join(folder, "tls.key"));
  };
  put(name);
  const files = {
    certificate: { file: path.join(folder, "tls.pem") },
    privateKey: { file: path.join(folder, "tls.key") },
  };
  return { folder, put, files };
}

/** A server whose clock stands still. */
function createClocked() {
  const clock = new FakeClock();
  const server = new GrpcServer({ ...nodePlatform, clock }, {}).add(Probe, echo);
  closeLater(() => server.shutdown({ graceMs: 0 }));
  /** Lets looks at the files pass until something holds. */
  const passUntil = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) {
      clock.advance(5_000);
      await turn();
    }
  };
  /** Lets enough time pass for a change to be seen. */
  const passLooks = async (): Promise<void> => {
    for (let looks = 0; looks < 4; looks++) {
      while (clock.nextTimerMs === undefined) await turn();
      clock.advance(5_000);
    }
    while (clock.nextTimerMs === undefined) await turn();
  };
  return { clock, server, passUntil, passLooks };
}

test("reload with new options: new connections get the new certificate, open ones go on", async () => {
  const tls = createServerTls(serverTls());
  const { client, port } = await start({}, { listen: { tls }, channel: { tls: channelTls() } });
  const replies = client.bidi();
  await replies.send({ text: "a" });
  const iterator = replies[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.text, "a");
  tls.reload(keyPair("renewed"));
  assert.equal((await look(port)).name, "renewed");
  await replies.send({ text: "b" });
  assert.equal((await iterator.next()).value?.text, "b");
  replies.end();
});

test("reload without options reads the files again", async () => {
  const { put, files } = createFolder("server");
  const tls = createServerTls(files);
  const { port } = await start({}, { listen: { tls } });
  put("renewed");
  assert.equal((await look(port)).name, "server");
  tls.reload();
  assert.equal((await look(port)).name, "renewed");
});

test("a reload that fails throws, and changes nothing", async () => {
  const tls = createServerTls(serverTls());
  const { port } = await start({}, { listen: { tls } });
  assert.throws(() => tls.reload({ certificate: pemOf("renewed.pem"), privateKey: pemOf("server.key") }), {
    message: /^tls\.privateKey .* does not belong to the certificate/,
  });
  assert.throws(() => tls.reload({ certificate: { file: "/nowhere.pem" }, privateKey: "" }), /nowhere\.pem/);
  assert.equal((await look(port)).name, "server");
  tls.reload();
  assert.equal((await look(port)).name, "server");
});

test("a reload may begin to require certificates of clients, and sessions from before do not get around it", async () => {
  const tls = createServerTls(serverTls());
  const { port } = await start({}, { listen: { tls } });
  const { session } = await look(port);
  assert.equal((await look(port, session)).isResumed, true);
  tls.reload(serverTls({ clientCa: AUTHORITY, clientCertificate: "request" }));
  assert.equal((await look(port, session)).isResumed, false);
  tls.reload(serverTls({ clientCa: AUTHORITY }));
  await assert.rejects(look(port, session), { code: /CERTIFICATE_REQUIRED/ });
});

test("a reload with the same content keeps the sessions", async () => {
  const tls = createServerTls(serverTls());
  const { port } = await start({}, { listen: { tls } });
  const { session } = await look(port);
  tls.reload(serverTls());
  assert.equal((await look(port, session)).isResumed, true);
});

test("files that change are found, also when they change before anybody watches", async () => {
  const { put, files } = createFolder("server");
  const tls = createServerTls(files);
  put("renewed");
  const { server, passUntil } = createClocked();
  const { port } = await server.listen("127.0.0.1:0", { tls });
  assert.equal((await look(port)).name, "server");
  await passUntil(async () => (await look(port)).name === "renewed");
  put("server");
  await passUntil(async () => (await look(port)).name === "server");
});

test("links that are replaced are followed, as Kubernetes does it", async () => {
  const { folder, files } = createFolder("server");
  const version = (name: string): string => {
    const data = path.join(folder, `..${name}`);
    mkdirSync(data);
    copyFileSync(fileOf(`${name}.pem`), path.join(data, "tls.pem"));
    copyFileSync(fileOf(`${name}.key`), path.join(data, "tls.key"));
    return data;
  };
  const swap = (data: string): void => {
    symlinkSync(data, path.join(folder, "..new"));
    renameSync(path.join(folder, "..new"), path.join(folder, "..data"));
  };
  swap(version("server"));
  for (const name of ["tls.pem", "tls.key"]) {
    rmSync(path.join(folder, name));
    symlinkSync(path.join("..data", name), path.join(folder, name));
  }
  const { server, passUntil, passLooks } = createClocked();
  const { port } = await server.listen("127.0.0.1:0", { tls: files });
  await passLooks();
  swap(version("renewed"));
  await passUntil(async () => (await look(port)).name === "renewed");
});

test("bad files are reported once, the old certificate stays, and good ones are taken later", async () => {
  const { folder, put, files } = createFolder("server");
  const errors: Error[] = [];
  const { server, passUntil, passLooks } = createClocked();
  const tls = { ...files, onReloadError: (error: Error) => errors.push(error) };
  const { port } = await server.listen("127.0.0.1:0", { tls });
  await passLooks();
  copyFileSync(fileOf("renewed.pem"), path.join(folder, "tls.pem"));
  await passUntil(() => errors.length > 0);
  assert.match(
    errors[0]?.message ?? "",
    /what was used before stays in use: tls\.privateKey .*tls\.key.* does not belong/,
  );
  assert.equal((await look(port)).name, "server");
  rmSync(path.join(folder, "tls.key"));
  await passUntil(() => errors.length > 1);
  assert.match(errors[1]?.message ?? "", /tls\.privateKey cannot be read: ENOENT/);
  await passLooks();
  assert.equal(errors.length, 2);
  put("renewed");
  await passUntil(async () => (await look(port)).name === "renewed");
  assert.equal(errors.length, 2);
});

test("a report that throws itself does no harm, and is written to the console", async (context) => {
  const written = context.mock.method(console, "error", () => {});
  const { folder, files } = createFolder("server");
  const { server, passUntil, passLooks } = createClocked();
  const onReloadError = (): void => {
    throw new Error("no log");
  };
  await server.listen("127.0.0.1:0", { tls: { ...files, onReloadError } });
  await passLooks();
  writeFileSync(path.join(folder, "tls.pem"), "nonsense");
  await passUntil(() => written.mock.callCount() > 0);
  const [message, failure] = written.mock.calls[0]?.arguments ?? [];
  assert.match(
    String(message),
    /^heddle: the changed TLS files cannot be used, .*tls\.pem\) holds no certificate in PEM/,
  );
  assert.match(String(failure), /no log/);
});

test("watch: false leaves files alone until reload", async () => {
  const { put, files } = createFolder("server");
  const { clock, server } = createClocked();
  const tls = createServerTls({ ...files, watch: false });
  const { port } = await server.listen("127.0.0.1:0", { tls });
  assert.equal(clock.pendingTimers, 0);
  put("renewed");
  tls.reload();
  assert.equal((await look(port)).name, "renewed");
  // What is left belongs to the connection that has looked.
  await server.shutdown();
  assert.equal(clock.pendingTimers, 0);
});

test("files are watched as long as one server listens with them, and not before or after", async () => {
  const { files } = createFolder("server");
  const tls = createServerTls(files);
  const first = createClocked();
  const second = new GrpcServer({ ...nodePlatform, clock: first.clock }, {});
  closeLater(() => second.shutdown());
  assert.equal(first.clock.pendingTimers, 0);
  await first.server.listen("127.0.0.1:0", { tls });
  await second.listen("127.0.0.1:0", { tls });
  assert.equal(first.clock.pendingTimers, 1);
  // The time of the grace is over with the shutdown too.
  await first.server.shutdown();
  assert.equal(first.clock.pendingTimers, 1);
  await second.shutdown();
  assert.equal(first.clock.pendingTimers, 0);
});

test("a channel reads its files for each new connection, and keeps the old ones when they are bad", async () => {
  const { folder, put, files } = createFolder("other-client");
  const errors: Error[] = [];
  const names: (string | undefined)[] = [];
  const serve = (address: string) =>
    start(
      {
        unary(_, call) {
          names.push(call.peer.tls?.certificate?.commonName);
          return {};
        },
      },
      { address, listen: { tls: serverTls({ clientCa: [AUTHORITY, pemOf("other-authority.pem")] }) } },
    );
  const first = await serve("127.0.0.1:0");
  const tls = channelTls({ ...files, onReloadError: (error) => errors.push(error) });
  const channel = createChannel(first.address, { tls });
  closeLater(() => channel.close());
  const client = createClient(Probe, channel);
  await client.unary({});
  put("client");
  await client.unary({});
  await first.server.shutdown();
  const second = await serve(first.address);
  await client.unary({});
  writeFileSync(path.join(folder, "tls.key"), "nonsense");
  await second.server.shutdown();
  await serve(first.address);
  await client.unary({});
  assert.deepEqual(names, ["stranger", "stranger", "client", "client"]);
  assert.equal(errors.length, 1);
  assert.match(errors[0]?.message ?? "", /tls\.key\) is no private key in PEM/);
});
