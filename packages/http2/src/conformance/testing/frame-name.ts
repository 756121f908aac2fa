/** The rows' columns: every type of frame, some of them in two forms, as they are called in titles. RFC 9113 section 6. */

export const FRAME_NAMES = [
  "DATA",
  "DATA with END_STREAM",
  "HEADERS",
  "HEADERS with END_STREAM",
  "PRIORITY",
  "RST_STREAM",
  "SETTINGS",
  "SETTINGS with the stream's id",
  "PUSH_PROMISE",
  "PING",
  "PING with the stream's id",
  "GOAWAY",
  "GOAWAY with the stream's id",
  "WINDOW_UPDATE",
  "WINDOW_UPDATE of the connection",
  "CONTINUATION",
  "a frame of unknown type",
  "a frame of unknown type on stream 0",
] as const;

export type FrameName = (typeof FRAME_NAMES)[number];
