/** A process with a heddle server in it. */
import { createServer } from "heddle";
import { serveCommands } from "../control/commands.js";
import { Target } from "../gen/target_pb.js";
import { type Gauges, installGauges, Running } from "../victim/gauges.js";
import { createHandlers } from "../victim/handlers.js";

export interface VictimServerOptions {
  /** For how long the handler goes on that ignores its signal. */
  readonly stubbornMs: number;
  /** heddle's own time for a handshake is longer than an attack is. */
  readonly handshakeTimeoutMs: number;
}

const running = new Running();
const gauges = installGauges(running);

const commands = {
  /** Gives the port. */
  listen: async ({ stubbornMs, handshakeTimeoutMs }: VictimServerOptions): Promise<number> => {
    const server = createServer({
      http2: { handshakeTimeoutMs },
      onHandlerError: (error) => {
        running.errors += 1;
        console.error(error);
      },
    }).add(Target, createHandlers(running, stubbornMs));
    return (await server.listen("127.0.0.1:0")).port;
  },
  gauges: (collectGarbage: boolean): Promise<Gauges> => gauges(collectGarbage),
};

export type VictimServerCommands = typeof commands;

serveCommands(commands);
