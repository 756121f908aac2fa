import assert from "node:assert/strict";
import test from "node:test";
import type { Connection, Stream } from "@heddle/http2";
import fc from "fast-check";
import { MessageQueue } from "../core/message-queue.js";
import { type FramingFault, PREFIX_BYTES } from "../wire/message-assembler.js";
import { IncomingMessages } from "./incoming-messages.js";
import type { MessageTaker } from "./message-taker.js";

const LIMIT_BYTES = 400;

/** A receiver that reads when it is told to, and counts what is credited. */
class Reader {
  readonly queue: MessageQueue<Buffer>;
  readonly incoming: IncomingMessages<undefined>;
  credited = 0;
  receivedMessages = 0;
  readonly faults: FramingFault[] = [];

  constructor() {
    const connection = {
      consume: (_stream: unknown, bytes: number) => {
        assert.ok(bytes > 0);
        this.credited += bytes;
      },
    } as unknown as Connection<undefined>;
    this.queue = new MessageQueue<Buffer>({
      onTaken: (owed) => {
        this.credited += owed;
        this.incoming.onTaken();
      },
      onAbandoned: () => {},
    });
    const { queue } = this;
    const count = (): void => {
      this.receivedMessages += 1;
    };
    const taker: MessageTaker = {
      get wantsMore() {
        return queue.isEmpty;
      },
      get isFull() {
        return queue.isFull;
      },
      onMessage: (buffer, start, end, owed) => {
        count();
        return queue.push(Buffer.from(buffer.subarray(start, end)), owed);
      },
    };
    this.incoming = new IncomingMessages(connection, {} as Stream<undefined>, LIMIT_BYTES, taker, (fault) =>
      this.faults.push(fault),
    );
  }
}

function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

const messageLists = fc.array(fc.uint8Array({ maxLength: LIMIT_BYTES }), { maxLength: 12 });

test("a sender that keeps to its window gets everything through, and all of it is credited exactly once", async () => {
  const scripts = fc.array(fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constant("read" as const)), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(messageLists, scripts, fc.integer({ min: 1, max: 100 }), async (messages, script, windowBytes) => {
      const reader = new Reader();
      const octets = Buffer.concat(messages.map(framed));
      const read: Buffer[] = [];
      let sent = 0;
      const send = (bytes: number): void => {
        const end = Math.min(sent + bytes, octets.length, reader.credited + windowBytes);
        if (end === sent) return;
        const chunk = Buffer.from(octets.subarray(sent, end));
        sent = end;
        assert.equal(reader.incoming.push(chunk, 0, chunk.length), undefined);
        chunk.fill(0xdd);
      };
      const check = (): void => {
        assert.ok(reader.credited <= sent, "no more is credited than has come");
        if (reader.queue.isEmpty) assert.equal(reader.credited, sent, "a reader that waits holds nothing up");
        const unread = messages.slice(read.length, reader.receivedMessages).map((one) => one.length + PREFIX_BYTES);
        const behindFirst = unread.slice(1).reduce((sum, bytes) => sum + bytes, 0);
        assert.ok(behindFirst <= windowBytes, "what lies unread is bounded by the window");
      };
      const readOne = async (): Promise<void> => {
        if (!reader.queue.isEmpty) read.push((await reader.queue.next()).value as Buffer);
      };
      for (const step of script) {
        if (step === "read") await readOne();
        else send(step);
        check();
      }
      while (sent < octets.length || !reader.queue.isEmpty) {
        send(octets.length);
        await readOne();
        check();
      }
      assert.deepEqual(
        read,
        messages.map((one) => Buffer.from(one)),
      );
      assert.equal(reader.credited, octets.length);
      assert.equal(reader.incoming.truncation, undefined);
    }),
    { numRuns: 300 },
  );
});

test("what a reader drops by leaving is credited, with the part of a message behind it", async () => {
  const reader = new Reader();
  const octets = Buffer.concat([framed(Buffer.alloc(20)), framed(Buffer.alloc(30)), framed(Buffer.alloc(40))]);
  reader.incoming.push(octets, 0, octets.length - 10);
  assert.equal(reader.credited, 0);
  await reader.queue.return();
  assert.equal(reader.credited, octets.length - 10);
});

test("an unread message keeps back the credit of what follows it", async () => {
  const reader = new Reader();
  const first = framed(Buffer.alloc(20));
  const half = framed(Buffer.alloc(100)).subarray(0, 50);
  reader.incoming.push(first, 0, first.length);
  reader.incoming.push(half, 0, half.length);
  assert.equal(reader.credited, 0);
  await reader.queue.next();
  assert.equal(reader.credited, first.length + half.length);
});

test("the limit holds on the direct way and on the one through the assembler, to the octet", () => {
  for (const size of [LIMIT_BYTES - PREFIX_BYTES, LIMIT_BYTES - PREFIX_BYTES + 1, LIMIT_BYTES]) {
    const reader = new Reader();
    const octets = framed(Buffer.alloc(size));
    assert.equal(reader.incoming.push(octets, 0, octets.length), undefined);
    assert.equal(reader.receivedMessages, 1);
  }
  const over = framed(Buffer.alloc(LIMIT_BYTES + 1));
  assert.match(new Reader().incoming.push(over, 0, over.length)?.message ?? "", /401 octets exceeds .* limit of 400/);
});

test("a chunk within a larger buffer is read from where it begins, and truncation is told", () => {
  const reader = new Reader();
  const buffer = Buffer.concat([Buffer.alloc(7, 0xff), framed(Buffer.from("hello")), Buffer.alloc(3, 0xff)]);
  reader.incoming.push(buffer, 7, 17);
  assert.equal(reader.receivedMessages, 1);
  assert.equal(reader.incoming.truncation, undefined);
  const cut = new Reader();
  cut.incoming.push(framed(Buffer.from("hello")), 0, 7);
  assert.match(cut.incoming.truncation?.message ?? "", /after 2 of the 5 octets/);
});

test("of very many messages that nobody reads only some are decoded; the rest waits as it came, and all arrive in order, then the end", async () => {
  for (const partBytes of [1, 7, 1000, 1_000_000]) {
    const reader = new Reader();
    const sent = Array.from({ length: 3000 }, (_, i) => Buffer.from(String(i)));
    const octets = Buffer.concat(sent.map(framed));
    for (let at = 0; at < octets.length; at += partBytes) {
      const part = Buffer.from(octets.subarray(at, at + partBytes));
      assert.equal(reader.incoming.push(part, 0, part.length), undefined);
      part.fill(0xdd);
    }
    let ended = false;
    reader.incoming.whenDelivered(() => {
      ended = true;
    });
    assert.equal(reader.receivedMessages, 256);
    for (const message of sent) {
      assert.deepEqual((await reader.queue.next()).value, message);
    }
    assert.equal(ended, true);
    assert.equal(reader.credited, octets.length);
  }
});

test("what is wrong behind messages that wait is told when it is reached, and nothing after it", async () => {
  const reader = new Reader();
  const octets = Buffer.concat([
    ...Array.from({ length: 300 }, () => framed(Buffer.from("a"))),
    Buffer.from([9, 0, 0, 0, 0]),
  ]);
  assert.equal(reader.incoming.push(octets, 0, octets.length), undefined);
  reader.incoming.whenDelivered(() => assert.fail("it did not end in order"));
  for (let i = 0; i < 300; i++) await reader.queue.next();
  assert.equal(reader.faults.length, 1);
  assert.match(reader.faults[0]?.message ?? "", /begins with 9/);
});

test("a call that is over lets go of what waited", () => {
  const reader = new Reader();
  const octets = Buffer.concat(Array.from({ length: 300 }, () => framed(Buffer.from("a"))));
  reader.incoming.push(octets, 0, octets.length);
  reader.incoming.stop();
  let ended = false;
  reader.incoming.whenDelivered(() => {
    ended = true;
  });
  assert.equal(ended, true);
  assert.equal(reader.receivedMessages, 256);
});
