/** A process with an honest client in it, which measures how the victim serves it. */
import { serveCommands } from "../control/commands.js";
import { HonestCalls, type HonestFigures } from "../measure/honest-calls.js";

let calls: HonestCalls | undefined;

const commands = {
  connect: (port: number): Promise<void> => {
    calls = new HonestCalls(port);
    return calls.connect();
  },
  begin: (): void => calls?.begin(),
  end: (): Promise<HonestFigures> | undefined => calls?.end(),
  leave: (): Promise<void> | undefined => calls?.close(),
};

export type HonestClientCommands = typeof commands;

serveCommands(commands);
