/** A process with heddle clients in it: some of an honest server, whose calls are measured, and one of a malicious server. */
import { serveCommands } from "../control/commands.js";
import { HonestCalls, type HonestFigures } from "../measure/honest-calls.js";
import { DoomedCalls } from "../victim/doomed-calls.js";
import { type Gauges, installGauges, Running } from "../victim/gauges.js";

const running = new Running();
const gauges = installGauges(running);
let honest: HonestCalls | undefined;
let doomed: DoomedCalls | undefined;

const commands = {
  connect: (honestPort: number): Promise<void> => {
    honest = new HonestCalls(honestPort);
    return honest.connect();
  },
  begin: (): void => honest?.begin(),
  /** Begins to call the malicious server. */
  suffer: (maliciousPort: number): void => {
    doomed = new DoomedCalls(maliciousPort, running);
    doomed.begin();
  },
  end: (): Promise<HonestFigures> | undefined => honest?.end(),
  /** Closes all channels. */
  leave: async (): Promise<void> => {
    await Promise.all([honest?.close(), doomed?.close()]);
  },
  gauges: (collectGarbage: boolean): Promise<Gauges> => gauges(collectGarbage),
};

export type VictimClientCommands = typeof commands;

serveCommands(commands);
