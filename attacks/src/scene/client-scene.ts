/** A client under attack: it talks to an honest server and to a malicious one, and each of the three is a process. */
import { Child } from "../control/child.js";
import type { MaliciousServerCommands } from "../processes/malicious-server.js";
import type { VictimClientCommands } from "../processes/victim-client.js";
import type { VictimServerCommands } from "../processes/victim-server.js";
import { ATTACKER_NICENESS, cpuMsOf, present, type Scene, type SceneOptions } from "./scene.js";

export async function createClientScene(options: SceneOptions): Promise<Scene> {
  const victim = new Child<VictimClientCommands>("victim-client", { execArgv: ["--expose-gc"] });
  const honest = new Child<VictimServerCommands>("victim-server");
  const attacker = new Child<MaliciousServerCommands>("malicious-server", { niceness: ATTACKER_NICENESS });
  const port = await honest.call("listen", options);
  return {
    side: "client",
    gauges: (collectGarbage) => victim.call("gauges", collectGarbage),
    meet: () => victim.call("connect", port),
    beginMeasuring: async () => victim.call("begin"),
    endMeasuring: async () => present(await victim.call("end")),
    attack: async ({ name }) => victim.call("suffer", await attacker.call("start", name)),
    report: async () => present(await attacker.call("report")),
    part: () => victim.call("leave"),
    dismiss: async () => attacker.call("stop"),
    cpuMs: () => cpuMsOf([victim, honest, attacker]),
    close: async () => {
      await Promise.all([victim.kill(), honest.kill(), attacker.kill()]);
    },
  };
}
