/** Plays a story over a real socket, with the engine on one side and nghttp2 on the other, and compares what both have seen. */
import assert from "node:assert/strict";
import type { Http2Session } from "node:http2";
import type { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import type { CallRecord } from "./call-record.js";
import type { EngineEndpoint } from "./engine-endpoint.js";
import { EngineServer } from "./engine-server.js";
import { judge, judgeTornDown, type Outcome } from "./judge.js";
import { Course, type Stage, setStage } from "./stage.js";
import type { Side, Story } from "./story.js";
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

/** Plays a story in which the engine has this role. Fails with the story's seed in the message. */
export async function runStory(role: Side, story: Story, interlude?: Interlude): Promise<Result> {
  const course = new Course();
  const stage = await setStage(role, story, course);
  try {
    const unrest = new Unrest(stage.session, stage.engine, story);
    await within(() => describe(stage), playToEnd(stage, course, unrest, interlude));
    return compare(stage, story, unrest, interlude);
  } catch (error) {
    (error as Error).message += `\n(the engine as the ${role}; the story's seed is ${story.seed})`;
    throw error;
  } finally {
    stage.socket.destroy();
    stage.listener.close();
  }
}

/** Plays until all calls are over on both sides, and the connection with them. */
async function playToEnd(stage: Stage, course: Course, unrest: Unrest, interlude?: Interlude): Promise<void> {
  const { engine, session } = stage;
  const closed = Promise.all([closeOf(stage.socket), closeOf(session)]);
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
