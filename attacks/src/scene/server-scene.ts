/** A server under attack: the victim, an honest client and the attacker are three processes. */
import { Child } from "../control/child.js";
import type { HonestClientCommands } from "../processes/honest-client.js";
import type { ServerAttackerCommands } from "../processes/server-attacker.js";
import type { VictimServerCommands } from "../processes/victim-server.js";
import { ATTACKER_NICENESS, cpuMsOf, present, type Scene, type SceneOptions } from "./scene.js";

export async function createServerScene(options: SceneOptions): Promise<Scene> {
  const victim = new Child<VictimServerCommands>("victim-server", { execArgv: ["--expose-gc"] });
  const honest = new Child<HonestClientCommands>("honest-client");
  const attacker = new Child<ServerAttackerCommands>("server-attacker", { niceness: ATTACKER_NICENESS });
  const port = await victim.call("listen", options);
  return {
    side: "server",
    gauges: (collectGarbage) => victim.call("gauges", collectGarbage),
    meet: () => honest.call("connect", port),
    beginMeasuring: async () => honest.call("begin"),
    endMeasuring: async () => present(await honest.call("end")),
    attack: ({ name }, connections) => attacker.call("start", { name, port, connections }),
    report: async () => present(await attacker.call("report")),
    part: async () => honest.call("leave"),
    dismiss: async () => attacker.call("stop"),
    cpuMs: () => cpuMsOf([victim, honest, attacker]),
    close: async () => {
      await Promise.all([victim.kill(), honest.kill(), attacker.kill()]);
    },
  };
}
