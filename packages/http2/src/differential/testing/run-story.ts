/** Plays a story over a real socket, with the engine on one side and nghttp2 on the other, and compares what both have seen. */
import assert from "node:assert/strict";
import { once } from "node:events";
import http2, { type Http2Session, type ServerHttp2Session } from "node:http2";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import type { CallRecord } from "./call-record.js";
import { EngineClient } from "./engine-client.js";
import type { ClientEvents, EngineEndpoint, Fail } from "./engine-endpoint.js";
import { EngineServer } from "./engine-server.js";
import { judge, judgeTornDown, type Outcome } from "./judge.js";
import { NodeClient } from "./node-client.js";
import { NodeServer } from "./node-server.js";
import type { Call, Side, Story } from "./story.js";
import { afterTurns } from "./turns.js";
import { Unrest } from "./unrest.js";

/** A story takes a second or two. One that takes this long has come to a standstill. */
const LIMIT_MS = 20_000;

/** What came of a story. */
export interface Result {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Calls that could not begin any more. */
  readonly notBegun: number;
  readonly settingsChanged: number;
  /** PINGs of both sides that came back. */
  readonly pongs: number;
  readonly engine: EngineEndpoint;
}

/** Something that is done in the middle of a story. */
export interface Interlude {
  /** When so many calls are over at the client. */
  readonly afterCalls: number;
  readonly play: (engine: EngineEndpoint, session: Http2Session) => void;
  /** Who tears the connection down by it, so that calls may end in any way; `undefined` when nobody does. */
  readonly tornDownBy?: "engine" | "nghttp2";
}

/** Both sides of a story that runs. */
interface Stage {
  readonly engine: EngineEndpoint;
  readonly session: Http2Session;
  readonly client: ReadonlyMap<number, CallRecord>;
  readonly server: ReadonlyMap<number, CallRecord>;
  /** Whether the server has calls that are not closed. */
  readonly isServerBusy: () => boolean;
  /** The client begins. */
  readonly begin: () => void;
  readonly sockets: readonly Socket[];
  readonly listener: Server;
}

/** What becomes known in the course of a story. */
class Course implements ClientEvents {
  onCallOver: () => void = () => {};
  onAllOver: () => void = () => {};
  onServerIdle: () => void = () => {};
  onSessionError: (error: Error) => void = () => {};
  fail: Fail = () => {};
}

/** Plays a story in which the engine has this role. Fails with the story's seed in the message. */
export async function runStory(role: Side, story: Story, interlude?: Interlude): Promise<Result> {
  const course = new Course();
  const stage = await (role === "client" ? stageEngineClient(story, course) : stageEngineServer(story, course));
  try {
    const unrest = new Unrest(stage.session, stage.engine, story);
    await within(() => describe(stage), playToEnd(stage, course, unrest, interlude));
    return compare(stage, story, unrest, interlude);
  } catch (error) {
    (error as Error).message += `\n(the engine as the ${role}; the story's seed is ${story.seed})`;
    throw error;
  } finally {
    for (const socket of stage.sockets) socket.destroy();
    stage.listener.close();
  }
}

function sessionOptions(story: Story): http2.ServerOptions & http2.ClientSessionOptions {
  // With Node's own limit of 10, in megabytes, it resets streams.
  return { settings: story.settings, paddingStrategy: story.paddingStrategy, maxSessionMemory: 1000 };
}

async function stageEngineClient(story: Story, course: Course): Promise<Stage> {
  const listener = http2.createServer(sessionOptions(story));
  const isAnswered = (call: Call) => client.records.get(call.index)?.ended === true;
  const server = new NodeServer(listener, story, isAnswered, () => course.onServerIdle());
  listener.on("sessionError", (error) => course.onSessionError(error));
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const opened = once(listener, "session") as Promise<[ServerHttp2Session]>;
  const socket = net.connect((listener.address() as AddressInfo).port, "127.0.0.1");
  const client = new EngineClient(socket, story, (reason) => course.fail(reason), {
    onCallOver: () => course.onCallOver(),
    onAllOver: () => course.onAllOver(),
  });
  const [[session]] = await Promise.all([opened, once(socket, "connect")]);
  return {
    engine: client,
    session,
    client: client.records,
    server: server.records,
    isServerBusy: () => server.open > 0,
    begin: () => client.start(),
    sockets: [socket],
    listener,
  };
}

async function stageEngineServer(story: Story, course: Course): Promise<Stage> {
  const listener = net.createServer();
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const connected = once(listener, "connection") as Promise<[Socket]>;
  const address = `http://localhost:${(listener.address() as AddressInfo).port}`;
  const session = http2.connect(address, sessionOptions(story));
  session.on("error", (error) => course.onSessionError(error));
  const [socket] = await connected;
  const server = new EngineServer(
    socket,
    story,
    (reason) => course.fail(reason),
    () => course.onServerIdle(),
  );
  server.start();
  const client = new NodeClient(session, story, {
    onCallOver: () => course.onCallOver(),
    onAllOver: () => course.onAllOver(),
  });
  return {
    engine: server,
    session,
    client: client.records,
    server: server.records,
    isServerBusy: () => server.connection.openStreams > 0,
    begin: () => client.fill(),
    sockets: [socket],
    listener,
  };
}

/** Plays until all calls are over on both sides, and the connection with them. */
async function playToEnd(stage: Stage, course: Course, unrest: Unrest, interlude?: Interlude): Promise<void> {
  const { engine, session } = stage;
  const closed = Promise.all([...stage.sockets.map((socket) => closeOf(socket)), closeOf(session)]);
  await new Promise<void>((resolve, reject) => {
    course.fail = (reason) => reject(new Error(reason));
    course.onSessionError = (error) => {
      if (interlude?.tornDownBy === undefined) reject(error);
    };
    course.onAllOver = resolve;
    let over = 0;
    course.onCallOver = () => {
      over += 1;
      // Not in the callback of the call that has just ended.
      if (over === interlude?.afterCalls) afterTurns(1, () => interlude.play(engine, session));
    };
    stage.begin();
    unrest.start();
  });
  unrest.stop();
  // What the client has sent last has then arrived at the server. (nghttp2 answers nothing any more after it has left.)
  if (interlude === undefined) await roundTrip(stage);
  if (stage.isServerBusy()) {
    await new Promise<void>((resolve) => {
      course.onServerIdle = resolve;
    });
  }
  course.onSessionError = () => {};
  engine.connection.close(0, "the story is over");
  // After its GOAWAY nghttp2 does not read any more, not even that.
  if (interlude !== undefined) session.close();
  await closed;
}

function closeOf(emitter: Socket | Http2Session): Promise<void> {
  return new Promise((resolve) => (emitter as Socket).once("close", () => resolve()));
}

/** A PING from nghttp2 and one from the engine have come back. */
async function roundTrip({ engine, session }: Stage): Promise<void> {
  await new Promise<void>((resolve) => engine.ping(resolve));
  await new Promise<void>((resolve) => session.ping(() => resolve()));
}

function compare({ engine, client, server }: Stage, story: Story, unrest: Unrest, interlude?: Interlude): Result {
  engine.checkEnd();
  const outcomes = { "in order": 0, reset: 0, unprocessed: 0 };
  let notBegun = 0;
  for (const call of story.calls) {
    const record = client.get(call.index);
    const seen = server.get(call.index);
    if (record === undefined) {
      notBegun += 1;
      assert.equal(seen, undefined, `call ${call.index} was never begun, and the server has seen it`);
    } else if (interlude?.tornDownBy !== undefined) {
      judgeTornDown(record, seen, interlude.tornDownBy === "engine");
    } else {
      outcomes[judge(call, record, seen, engine instanceof EngineServer)] += 1;
    }
  }
  return { outcomes, notBegun, settingsChanged: unrest.settingsChanged, pongs: unrest.pongs + engine.pongs, engine };
}

/** Who has not come to an end, for a story that stands still. */
function describe({ client, server, engine }: Stage): string {
  const open = (records: ReadonlyMap<number, CallRecord>) =>
    [...records.values()]
      .filter((record) => record.closed === 0)
      .map(({ call, receivedBytes, expectedBytes, sentEnd, ended }) => {
        const ends = `${sentEnd ? " sent" : ""}${ended ? " ended" : ""}`;
        return `${call.index} (${call.answer} ${receivedBytes}/${expectedBytes}${ends})`;
      })
      .slice(0, 20)
      .join(", ");
  return `the engine has ${engine.connection.openStreams} streams; open at the client: ${open(client)}; at the server: ${open(server)}`;
}

async function within<T>(describeState: () => string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a standstill after ${LIMIT_MS} ms: ${describeState()}`)), LIMIT_MS);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
