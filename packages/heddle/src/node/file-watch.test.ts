import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { FakeClock } from "../core/fake-clock.js";
import { FileWatch, WATCH_INTERVAL_MS } from "./file-watch.js";

const folder = mkdtempSync(path.join(tmpdir(), "heddle-watch-"));
after(() => rmSync(folder, { recursive: true }));

/** A watch of two files, of which one is there. */
function createWatch(name: string) {
  const clock = new FakeClock();
  const [first, second] = [path.join(folder, `${name}.1`), path.join(folder, `${name}.2`)] as const;
  writeFileSync(first, "a");
  let changes = 0;
  const watch = new FileWatch(clock, [first, second], () => {
    changes += 1;
  });
  /** One look, to its end. */
  const look = async (): Promise<number> => {
    clock.advance(WATCH_INTERVAL_MS);
    while (clock.pendingTimers === 0) await turn();
    return changes;
  };
  return { clock, first, second, watch, look };
}

test("the files are looked at when the interval is over, and count as changed once they have stood still", async () => {
  const { clock, watch, look } = createWatch("still");
  assert.equal(clock.nextTimerMs, WATCH_INTERVAL_MS);
  assert.deepEqual([await look(), await look(), await look(), await look()], [0, 1, 1, 1]);
  watch.close();
});

test("a change of any file is told once it has stood still, and not before", async () => {
  const { first, second, watch, look } = createWatch("change");
  await look();
  await look();
  writeFileSync(first, "longer");
  assert.equal(await look(), 1);
  writeFileSync(second, "new");
  assert.equal(await look(), 1);
  assert.equal(await look(), 2);
  rmSync(second);
  assert.equal(await look(), 2);
  assert.equal(await look(), 3);
  watch.close();
});

test("nothing is told, and no timer is left, after the close, also in the middle of a look", async () => {
  const { clock, watch, look } = createWatch("close");
  await look();
  clock.advance(WATCH_INTERVAL_MS);
  watch.close();
  for (let turns = 0; turns < 50; turns++) await turn();
  assert.equal(clock.pendingTimers, 0);
});
