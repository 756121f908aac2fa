/** A state of a stream and of its connection, how to get there, and what each frame means in it. RFC 9113 section 5.1. */
import type { Role } from "../../connection/options.js";
import type { Expectation } from "./expectation.js";
import type { FrameName } from "./frame-name.js";
import type { Peer } from "./peer.js";

export type Row = { readonly [K in FrameName]: Expectation };

/** How it is seen afterwards that the connection works, besides the call that is open all the time; or that it is over. */
export type Sequel = "a new call" | "no new call" | "a refused call" | "silence";

export interface State {
  readonly role: Role;
  /** As in a title: `half-closed (remote)`. */
  readonly name: string;
  /** A connection in this state. */
  readonly create: () => Peer;
  /** The stream that the frames are for. */
  readonly streamId: number;
  /** The streams that are open, in rising order. */
  readonly open: readonly number[];
  /** What a HEADERS frame carries. */
  readonly fields: readonly string[];
  /** The last stream id of a GOAWAY that the engine sends. */
  readonly lastId: number;
  /** The last stream id in a GOAWAY that the engine receives. */
  readonly peerLastId: number;
  readonly sequel: Sequel;
  readonly row: Row;
}
