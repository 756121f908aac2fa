/** Call credentials: when they are asked for, what is sent, and how a call ends when they are refused, late or wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CallCredentials,
  type CallCredentialsContext,
  combineCallCredentials,
  createChannel,
  createClient,
  Metadata,
  RpcError,
  StatusCode,
} from "../index.js";
import { channelTls, serverTls } from "./testing/certificates.js";
import { Probe } from "./testing/gen/probe_pb.js";
import { closeLater, collect, deferred, type StartOptions, start, turn } from "./testing/probe.js";

/** A server and a client with TLS, and the `authorization` values that handlers have seen. */
async function startTls(options: StartOptions = {}) {
  const seen: string[][] = [];
  const setup = await start(
    {
      unary(request, call) {
        seen.push(call.metadata.getAll("authorization"));
        return { text: request.text };
      },
    },
    { listen: { tls: serverTls() }, ...options, channel: { tls: channelTls(), ...options.channel } },
  );
  return { ...setup, seen };
}

function bearer(token: string): CallCredentials {
  return () => ({ authorization: `Bearer ${token}` });
}

test("the channel's credentials come first, then the call's, behind the call's own metadata", async () => {
  const { client, seen } = await startTls({ channel: { callCredentials: bearer("channel") } });
  await client.unary({});
  await client.unary({}, { callCredentials: async () => ({ authorization: "Bearer call" }) });
  await client.unary({}, { callCredentials: bearer("call"), metadata: { authorization: "Bearer own" } });
  assert.deepEqual(seen, [
    ["Bearer channel"],
    ["Bearer channel", "Bearer call"],
    ["Bearer own", "Bearer channel", "Bearer call"],
  ]);
});

test("credentials are asked for once per call, with its service and method", async () => {
  const asked: CallCredentialsContext[] = [];
  const callCredentials: CallCredentials = (context) => {
    asked.push(context);
    return new Metadata();
  };
  const { client, address } = await startTls({ channel: { callCredentials } });
  await client.unary({});
  await collect(client.serverStream({ count: 2 }));
  assert.deepEqual(
    asked.map(({ serviceUrl, methodPath }) => [serviceUrl, methodPath]),
    [
      [`https://${address}/heddle.probe.Probe`, "/heddle.probe.Probe/Unary"],
      [`https://${address}/heddle.probe.Probe`, "/heddle.probe.Probe/ServerStream"],
    ],
  );
  assert.ok(asked.every(({ signal }) => !signal.aborted));
});

test("the service's URL is made of the authority, and leaves out port 443", async () => {
  const urls: string[] = [];
  const callCredentials: CallCredentials = ({ serviceUrl }) => {
    urls.push(serviceUrl);
    return {};
  };
  const { address } = await startTls();
  for (const authority of ["shop.example:443", "shop.example", "shop.example:4430", "[::1]:443"]) {
    const channel = createChannel(address, { tls: channelTls(), authority, callCredentials });
    await createClient(Probe, channel).unary({});
    await channel.close();
  }
  assert.deepEqual(
    urls,
    ["shop.example", "shop.example", "shop.example:4430", "[::1]"].map((host) => `https://${host}/heddle.probe.Probe`),
  );
});

test("all four kinds of calls wait for their credentials, with what they have to send", async () => {
  const callCredentials: CallCredentials = async () => {
    await turn();
    return { authorization: "Bearer late" };
  };
  const { client } = await startTls({ channel: { callCredentials } });
  assert.equal((await client.unary({ text: "a" })).text, "a");
  assert.equal((await collect(client.serverStream({ count: 3 }))).length, 3);
  assert.equal((await client.clientStream([{ text: "a" }, { text: "b" }])).text, "ab");
  const call = client.bidi();
  void call.send({ text: "a" });
  void call.send({ text: "b" });
  call.end();
  assert.deepEqual(
    (await collect(call)).map((reply) => reply.text),
    ["a", "b"],
  );
});

test("credentials are not asked for before there is a connection", async () => {
  let asked = 0;
  const channel = createChannel("127.0.0.1:1", {
    tls: channelTls(),
    callCredentials: () => {
      asked += 1;
      return {};
    },
  });
  closeLater(() => channel.close());
  await assert.rejects(createClient(Probe, channel).unary({}), { code: StatusCode.UNAVAILABLE });
  assert.equal(asked, 0);
});

test("a connection without TLS gets no credentials, unless the channel allows it", async () => {
  let asked = 0;
  const callCredentials: CallCredentials = () => {
    asked += 1;
    return { authorization: "Bearer x" };
  };
  const { client, address } = await start();
  await assert.rejects(client.unary({}, { callCredentials }), (error: RpcError) => {
    assert.equal(error.code, StatusCode.UNAUTHENTICATED);
    assert.match(error.message, /its connection has no TLS: .* option tls, or allowInsecureCallCredentials/);
    return true;
  });
  assert.equal(asked, 0);
  await client.unary({});
  const channel = createChannel(address, { callCredentials, allowInsecureCallCredentials: true });
  closeLater(() => channel.close());
  await createClient(Probe, channel).unary({});
  assert.equal(asked, 1);
});

test("a failure of the function fails the call with UNAUTHENTICATED, thrown or rejected, and is its cause", async () => {
  const { client, seen } = await startTls();
  const cause = new Error("the token server is down");
  for (const callCredentials of [
    () => {
      throw cause;
    },
    () => Promise.reject(cause),
  ]) {
    await assert.rejects(client.unary({}, { callCredentials }), (error: RpcError) => {
      assert.equal(error.code, StatusCode.UNAUTHENTICATED);
      assert.equal(error.message, "the call's credentials failed: the token server is down");
      assert.equal(error.cause, cause);
      assert.equal(error.origin?.side, "local");
      assert.equal(error.origin?.awaited, "its credentials");
      return true;
    });
  }
  assert.deepEqual(seen, []);
});

test("metadata that cannot be sent fail the call with UNAUTHENTICATED", async () => {
  const { client } = await startTls();
  for (const metadata of [{ authorization: "line\nbreak" }, { "grpc-status": "0" }, undefined as never]) {
    for (const callCredentials of [() => metadata, async () => metadata]) {
      await assert.rejects(client.unary({}, { callCredentials }), { code: StatusCode.UNAUTHENTICATED });
    }
  }
});

test("an RpcError of the function is the call's error, unless only a server may answer with its code", async () => {
  const { client } = await startTls();
  const forbidden: ReadonlySet<number> = new Set([
    StatusCode.INVALID_ARGUMENT,
    StatusCode.NOT_FOUND,
    StatusCode.ALREADY_EXISTS,
    StatusCode.FAILED_PRECONDITION,
    StatusCode.ABORTED,
    StatusCode.OUT_OF_RANGE,
    StatusCode.DATA_LOSS,
  ]);
  for (const [name, code] of Object.entries(StatusCode)) {
    if (code === StatusCode.OK) continue;
    const cause = new RpcError(code, "no token");
    const expected = forbidden.has(code)
      ? {
          code: StatusCode.INTERNAL,
          message: `the call's credentials failed with ${name}, which only the server may answer: no token`,
        }
      : { code, message: "no token" };
    await assert.rejects(client.unary({}, { callCredentials: () => Promise.reject(cause) }), { ...expected, cause });
  }
});

test("the deadline counts while the credentials are awaited, and their signal aborts", async () => {
  const asked = deferred<AbortSignal>();
  const { client, seen } = await startTls();
  const late = deferred<Record<never, never>>();
  const callCredentials: CallCredentials = ({ signal }) => {
    asked.resolve(signal);
    return late.promise;
  };
  await client.unary({});
  await assert.rejects(client.unary({}, { callCredentials, timeoutMs: 50 }), (error: RpcError) => {
    assert.equal(error.code, StatusCode.DEADLINE_EXCEEDED);
    assert.match(error.message, /waited for its credentials/);
    return true;
  });
  assert.equal((await asked.promise).aborted, true);
  late.resolve({});
  await turn();
  assert.equal(seen.length, 1);
});

test("a call that is cancelled while its credentials are awaited ends at once, whatever they do later", async () => {
  const { client, seen } = await startTls();
  await client.unary({});
  for (const end of ["resolve", "reject"] as const) {
    const asked = deferred();
    const late = deferred<Record<never, never>>();
    const controller = new AbortController();
    const callCredentials: CallCredentials = () => {
      asked.resolve();
      return late.promise;
    };
    const call = client.unary({}, { callCredentials, signal: controller.signal });
    await asked.promise;
    controller.abort();
    await assert.rejects(call, { code: StatusCode.CANCELLED });
    if (end === "resolve") late.resolve({});
    else late.reject(new Error("late"));
    await turn();
  }
  assert.equal(seen.length, 1);
});

test("credentials of one call may cancel another that waits for the same connection", async () => {
  const { client, seen } = await startTls();
  const controller = new AbortController();
  const callCredentials: CallCredentials = () => {
    controller.abort();
    return {};
  };
  const first = client.unary({ text: "first" }, { callCredentials });
  const second = client.unary({ text: "second" }, { signal: controller.signal });
  await assert.rejects(second, { code: StatusCode.CANCELLED });
  assert.equal((await first).text, "first");
  assert.equal((await client.unary({ text: "third" })).text, "third");
  assert.equal(seen.length, 2);
});

test("closing the channel ends calls that wait for their credentials", async () => {
  const { client, channel } = await startTls();
  const asked = deferred();
  const callCredentials: CallCredentials = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const call = client.unary({}, { callCredentials });
  await asked.promise;
  await Promise.all([
    channel.close(),
    assert.rejects(call, { code: StatusCode.CANCELLED, message: /channel was closed/ }),
  ]);
});

test("a connection that is lost meanwhile is made anew, and the credentials are not asked for again", async () => {
  const { client, server, address, seen } = await startTls();
  await client.unary({});
  let asked = 0;
  const begun = deferred();
  const late = deferred<Record<string, string>>();
  const callCredentials: CallCredentials = async () => {
    asked += 1;
    begun.resolve();
    return Object.entries(await late.promise);
  };
  const call = client.unary({}, { callCredentials });
  await begun.promise;
  await server.shutdown();
  const second = await start(
    { unary: (_, { metadata }) => ({ text: metadata.get("authorization") ?? "" }) },
    {
      address,
      listen: { tls: serverTls() },
    },
  );
  late.resolve({ authorization: "Bearer kept" });
  assert.equal((await call).text, "Bearer kept");
  assert.equal(asked, 1);
  assert.equal(seen.length, 1);
  await second.server.shutdown();
});

test("the deadline that is sent is what is left after the credentials have come", async () => {
  const deadlines: number[] = [];
  const { client } = await start(
    {
      unary(_, call) {
        deadlines.push(Number(call.deadline) - Date.now());
        return {};
      },
    },
    { listen: { tls: serverTls() }, channel: { tls: channelTls() } },
  );
  const callCredentials: CallCredentials = () => new Promise((resolve) => setTimeout(resolve, 30, {}));
  await client.unary({}, { callCredentials, timeoutMs: 10_000 });
  assert.ok((deadlines[0] as number) <= 9_975, `${deadlines[0]} ms`);
});

test("combined credentials are asked together and added in their order; one that fails fails them all", async () => {
  const { client, seen } = await startTls();
  let asked = 0;
  const gate = deferred();
  const slow: CallCredentials = async () => {
    asked += 1;
    await gate.promise;
    return { authorization: "first" };
  };
  const fast: CallCredentials = () => {
    asked += 1;
    if (asked === 2) gate.resolve();
    return new Map([["authorization", "second"]]);
  };
  await client.unary({}, { callCredentials: combineCallCredentials(slow, fast) });
  assert.deepEqual(seen, [["first", "second"]]);
  const failing: CallCredentials = () => {
    throw new Error("no");
  };
  await assert.rejects(
    client.unary(
      {},
      { callCredentials: combineCallCredentials(async () => Promise.reject(new Error("yes")), failing) },
    ),
    { code: StatusCode.UNAUTHENTICATED },
  );
  await client.unary({}, { callCredentials: combineCallCredentials() });
});

test("calls without credentials go ahead of calls that wait for theirs", async () => {
  const { client, seen } = await startTls();
  const late = deferred<Record<never, never>>();
  const waiting = client.unary({ text: "waits" }, { callCredentials: () => late.promise });
  assert.equal((await client.unary({ text: "goes" })).text, "goes");
  assert.equal(seen.length, 1);
  late.resolve({});
  assert.equal((await waiting).text, "waits");
});
