/** Sets a story up: the engine on one side of a real socket, and nghttp2, in Node, on the other. */
import { once } from "node:events";
import http2, { type Http2Session, type ServerHttp2Session } from "node:http2";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import type { CallRecord } from "./call-record.js";
import { EngineClient } from "./engine-client.js";
import type { ClientEvents, EngineEndpoint, Fail } from "./engine-endpoint.js";
import { EngineServer } from "./engine-server.js";
import { NodeClient } from "./node-client.js";
import { NodeServer } from "./node-server.js";
import type { Call, Side, Story } from "./story.js";

/** Both sides of a story that runs. */
export interface Stage {
  readonly engine: EngineEndpoint;
  readonly session: Http2Session;
  readonly client: ReadonlyMap<number, CallRecord>;
  readonly server: ReadonlyMap<number, CallRecord>;
  /** Whether the server has calls that are not closed. */
  readonly isServerBusy: () => boolean;
  /** The client begins. */
  readonly begin: () => void;
  /** The engine's. */
  readonly socket: Socket;
  readonly listener: Server;
}

/** What becomes known in the course of a story. */
export class Course implements ClientEvents {
  onCallOver: () => void = () => {};
  onAllOver: () => void = () => {};
  onServerIdle: () => void = () => {};
  onSessionError: (error: Error) => void = () => {};
  fail: Fail = () => {};
}

/** Sets up a story in which the engine has this role. */
export function setStage(role: Side, story: Story, course: Course): Promise<Stage> {
  return role === "client" ? stageEngineClient(story, course) : stageEngineServer(story, course);
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
    socket,
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
    socket,
    listener,
  };
}
