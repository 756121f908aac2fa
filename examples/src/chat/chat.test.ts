import assert from "node:assert/strict";
import { test } from "node:test";
import { ExampleProcess, startServer } from "../harness/example-process.js";
import { MAX_WAITING_EVENTS } from "./room.js";

/** Starts a server, runs `play` with a function that starts clients, and stops them all. */
async function inRoom(play: (join: (...args: string[]) => ExampleProcess, server: ExampleProcess) => Promise<void>) {
  const server = await startServer("chat");
  const clients: ExampleProcess[] = [];
  try {
    await play((...args) => {
      const client = new ExampleProcess("chat/client.js", ["--address", server.address, ...args]);
      clients.push(client);
      return client;
    }, server.process);
  } finally {
    for (const child of [...clients, server.process]) await child.stop();
  }
}

test("members hear each other, and one whose input ends leaves with exit code 0", async () => {
  await inRoom(async (join) => {
    const ann = join("--name", "Ann");
    await ann.line("You are alone in the room.");
    const ben = join("--name", "Ben");
    await ben.line("You are in the room with Ann.");
    await ann.line("Ben joined the room");
    ann.write("Hello Ben");
    await ben.line("Ann: Hello Ben");
    ben.write("Hello Ann");
    await ann.line("Ben: Hello Ann");
    ben.endInput();
    assert.equal(await ben.exit(), 0);
    await ann.line("Ben left the room");
    ann.endInput();
    assert.equal(await ann.exit(), 0);
  });
});

test("piped lines are all said before the member leaves", async () => {
  await inRoom(async (join) => {
    const ann = join("--name", "Ann");
    await ann.line("You are alone");
    const ben = join("--name", "Ben");
    for (const line of ["one", "", "two", "three"]) ben.write(line);
    ben.endInput();
    assert.equal(await ben.exit(), 0);
    await ann.line("Ben left the room");
    assert.deepEqual(ann.stdout.slice(1), [
      "Ben joined the room",
      "Ben: one",
      "Ben: two",
      "Ben: three",
      "Ben left the room",
    ]);
  });
});

test("a member that reads is not dropped when another pastes more lines than its queue holds", async () => {
  await inRoom(async (join) => {
    const ann = join("--name", "Ann");
    await ann.line("You are alone");
    const ben = join("--name", "Ben");
    const pasted = Array.from({ length: MAX_WAITING_EVENTS + 100 }, (_, index) => `line ${index}`);
    ben.write(pasted.join("\n"));
    ben.endInput();
    assert.equal(await ben.exit(), 0);
    await ann.line("Ben left the room");
    assert.deepEqual(
      ann.stdout.filter((line) => line.startsWith("Ben: ")),
      pasted.map((line) => `Ben: ${line}`),
    );
  });
});

test("a member that is killed is said goodbye to", async () => {
  await inRoom(async (join) => {
    const ann = join("--name", "Ann");
    await ann.line("You are alone");
    const ben = join("--name", "Ben");
    await ann.line("Ben joined the room");
    ben.kill("SIGKILL");
    await ann.line("Ben left the room");
    const again = join("--name", "Ben", "--say", "I am back");
    assert.equal(await again.exit(), 0);
    await ann.line("Ben: I am back");
  });
});

test("a name that is taken is refused with ALREADY_EXISTS and exit code 1", async () => {
  await inRoom(async (join) => {
    await join("--name", "Ann").line("You are alone");
    const other = join("--name", "Ann");
    assert.equal(await other.exit(), 1);
    assert.match(other.stderr.join("\n"), /^error: ALREADY_EXISTS: The name "Ann" is taken\. \(peer \S+\)$/);
  });
});

test("a server that stops tells its members UNAVAILABLE and ends with exit code 0", async () => {
  await inRoom(async (join, server) => {
    const ann = join("--name", "Ann");
    await ann.line("You are alone");
    server.kill("SIGTERM");
    assert.equal(await ann.exit(), 1);
    assert.match(ann.stderr.join("\n"), /^error: UNAVAILABLE: The server is shutting down\./);
    assert.equal(await server.exit(), 0);
  });
});

test("a client without a name says that it needs one", async () => {
  await using client = new ExampleProcess("chat/client.js", []);
  assert.equal(await client.exit(), 2);
  assert.deepEqual(client.stderr, ["error: --name is needed: it is what the others see"]);
});
