/** HTTP/2 as a pure state machine. See {@link Connection} for what goes in and {@link Sink} for what comes out. */
export type { RateBudgetSize } from "./budget/rate-budget.js";
export type { ByteSink } from "./byte-sink.js";
export { Connection } from "./connection/connection.js";
export { type ConnectionOptions, type Limits, limitsOf, type Role } from "./connection/options.js";
export { connectionError, ErrorCode, errorCodeName, type Http2Error, type Initiator, streamError } from "./error.js";
export type { GoAway } from "./frame/goaway.js";
export { HeaderList } from "./hpack/header-list.js";
export type { OutputBuffer } from "./output-buffer.js";
export type { Sink } from "./sink.js";
export { Receiving, Sending } from "./stream/state.js";
export type { Stream } from "./stream/stream.js";
