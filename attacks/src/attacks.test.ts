/**
 * Every attack for a moment, with fewer connections: the victim must give the right answer, go on to serve the honest, and have nothing
 * left when all have gone. One victim takes all attacks of its side, so that what one leaves behind is seen in the next.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { clientAttacks } from "./against-client/index.js";
import { serverAttacks } from "./against-server/index.js";
import type { Limits } from "./measure/verdict.js";
import { createClientScene } from "./scene/client-scene.js";
import { judgeAttack } from "./scene/judge-attack.js";
import { type RunOptions, runAttack } from "./scene/run-attack.js";
import type { Scene } from "./scene/scene.js";
import { createServerScene } from "./scene/server-scene.js";

const OPTIONS: RunOptions = {
  seconds: 0.3,
  connections: 1,
  share: 0.1,
  warmUpSeconds: 0,
  baselineSeconds: 0,
  quietMs: 5_000,
  stubbornMs: 100,
  handshakeTimeoutMs: 1_000,
};

/** Machines that run tests are busy: what matters here is that nobody waits for the attacker. */
const LIMITS: Limits = { p99Ms: 250, peakRssBytes: 256 * 1_048_576, heldGrowthBytes: 16 * 1_048_576 };

const sides = [
  { side: "a server", attacks: serverAttacks, create: createServerScene },
  { side: "a client", attacks: clientAttacks, create: createClientScene },
];

for (const { side, attacks, create } of sides) {
  describe(`${side} withstands`, () => {
    let scene: Scene | undefined;
    const replaceScene = async (): Promise<void> => {
      await scene?.close();
      scene = undefined;
    };
    after(replaceScene);

    for (const attack of attacks) {
      test(`${attack.name}: ${attack.about}`, async () => {
        const { failures } = await judgeAttack(attack, LIMITS, async () => {
          scene ??= await create(OPTIONS);
          try {
            return await runAttack(scene, attack, OPTIONS);
          } catch (error) {
            await replaceScene();
            throw error;
          }
        });
        // A victim that was hurt is no witness for the next attack.
        if (failures.length > 0) await replaceScene();
        assert.deepEqual(failures, []);
      });
    }
  });
}
