/**
 * Raw frames of every type for tests, well formed unless a test asks for something else, and the opposite: the frames that are in
 * some octets. It shares no code with the engine. RFC 9113 sections 4.1 and 6.
 */

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export const Type = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

const TYPE_NAMES = Object.keys(Type);

export const END_STREAM = 0x1;
export const ACK = 0x1;
export const END_HEADERS = 0x4;
export const PADDED = 0x8;
export const PRIORITY = 0x20;

/** A frame with these fields, whatever they are. */
export function rawFrame(type: number, flags: number, streamId: number, payload: Uint8Array | string = ""): Buffer {
  const body = Buffer.from(payload as string);
  const header = Buffer.alloc(9);
  header.writeUIntBE(body.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(streamId >>> 0, 5);
  return Buffer.concat([header, body]);
}

export interface FrameOptions {
  /** END_STREAM. */
  readonly end?: boolean;
  /** Octets of padding; the PADDED flag is set. */
  readonly pad?: number;
  /** The PRIORITY flag and its five octets. */
  readonly priority?: boolean;
  /** False leaves END_HEADERS out. */
  readonly endHeaders?: boolean;
}

function wrap(payload: Uint8Array | string, options: FrameOptions): { flags: number; body: Buffer } {
  const parts: Buffer[] = [];
  let flags = 0;
  if (options.end === true) flags |= END_STREAM;
  if (options.pad !== undefined) {
    flags |= PADDED;
    parts.push(Buffer.from([options.pad]));
  }
  if (options.priority === true) {
    flags |= PRIORITY;
    parts.push(Buffer.from([0x80, 0, 0, 0, 16]));
  }
  parts.push(Buffer.from(payload as string));
  if (options.pad !== undefined) parts.push(Buffer.alloc(options.pad));
  return { flags, body: Buffer.concat(parts) };
}

export function dataFrame(streamId: number, payload: Uint8Array | string, options: FrameOptions = {}): Buffer {
  const { flags, body } = wrap(payload, options);
  return rawFrame(Type.DATA, flags, streamId, body);
}

/** HEADERS with a block; see {@link block}. */
export function headersFrame(streamId: number, headerBlock: Uint8Array, options: FrameOptions = {}): Buffer {
  const { flags, body } = wrap(headerBlock, options);
  return rawFrame(Type.HEADERS, flags | (options.endHeaders === false ? 0 : END_HEADERS), streamId, body);
}

export function continuationFrame(streamId: number, fragment: Uint8Array, endHeaders: boolean): Buffer {
  return rawFrame(Type.CONTINUATION, endHeaders ? END_HEADERS : 0, streamId, fragment);
}

export function priorityFrame(streamId: number, bytes = 5): Buffer {
  return rawFrame(Type.PRIORITY, 0, streamId, Buffer.alloc(bytes));
}

export function rstFrame(streamId: number, code: number): Buffer {
  return rawFrame(Type.RST_STREAM, 0, streamId, uint32(code));
}

export function settingsFrame(...entries: readonly (readonly [id: number, value: number])[]): Buffer {
  const body = Buffer.alloc(entries.length * 6);
  entries.forEach(([id, value], i) => {
    body.writeUInt16BE(id, i * 6);
    body.writeUInt32BE(value, i * 6 + 2);
  });
  return rawFrame(Type.SETTINGS, 0, 0, body);
}

export const SETTINGS_ACK = rawFrame(Type.SETTINGS, ACK, 0);

export function pingFrame(payload: string, ack = false): Buffer {
  return rawFrame(Type.PING, ack ? ACK : 0, 0, payload);
}

export function goAwayFrame(lastStreamId: number, code: number, debug = ""): Buffer {
  return rawFrame(Type.GOAWAY, 0, 0, Buffer.concat([uint32(lastStreamId), uint32(code), Buffer.from(debug)]));
}

export function windowUpdateFrame(streamId: number, increment: number): Buffer {
  return rawFrame(Type.WINDOW_UPDATE, 0, streamId, uint32(increment));
}

/** A header block of literals without indexing, names and values up to 126 octets: it needs no state. RFC 7541 section 6.2.2. */
export function block(...fields: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    parts.push(Buffer.from([0]), string(fields[i] as string), string(fields[i + 1] as string));
  }
  return Buffer.concat(parts);
}

function string(text: string): Buffer {
  if (text.length > 126) throw new RangeError(`${text.length} octets do not fit into a short literal`);
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}

export function uint32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value >>> 0);
  return octets;
}

/** A frame that was read. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** The frames in `octets`, which must be whole ones. */
export function readFrames(octets: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < octets.length) {
    const end = at + 9 + octets.readUIntBE(at, 3);
    if (end > octets.length) throw new RangeError(`a frame of ${end - at} octets at ${at} is cut at ${octets.length}`);
    const payload = Buffer.from(octets.subarray(at + 9, end));
    frames.push({
      type: octets[at + 3] as number,
      flags: octets[at + 4] as number,
      streamId: octets.readUInt32BE(at + 5),
      payload,
    });
    at = end;
  }
  return frames;
}

/** A frame in one line: `DATA 1 end 5`, `RST_STREAM 3 8`, `WINDOW_UPDATE 0 +100`, `GOAWAY 5 0`. Header blocks show their length. */
export function describeFrame({ type, flags, streamId, payload }: Frame): string {
  const name = TYPE_NAMES[type] ?? `type ${type}`;
  const end = (flags & END_STREAM) !== 0 ? " end" : "";
  switch (type) {
    case Type.DATA:
    case Type.HEADERS:
      return `${name} ${streamId}${end} ${payload.length}${type === Type.HEADERS && (flags & END_HEADERS) === 0 ? "+" : ""}`;
    case Type.CONTINUATION:
      return `${name} ${streamId}${end} ${payload.length}${(flags & END_HEADERS) === 0 ? "+" : ""}`;
    case Type.RST_STREAM:
      return `${name} ${streamId} ${payload.readUInt32BE()}`;
    case Type.WINDOW_UPDATE:
      return `${name} ${streamId} +${payload.readUInt32BE()}`;
    case Type.GOAWAY:
      return `${name} ${payload.readUInt32BE()} ${payload.readUInt32BE(4)}`;
    case Type.SETTINGS:
      return (flags & ACK) !== 0 ? "SETTINGS ACK" : `SETTINGS ${describeSettings(payload)}`;
    case Type.PING:
      return `PING${(flags & ACK) !== 0 ? " ACK" : ""} ${payload.toString("latin1")}`;
    default:
      return `${name} ${streamId} ${payload.length}`;
  }
}

function describeSettings(payload: Buffer): string {
  const entries: string[] = [];
  for (let at = 0; at < payload.length; at += 6) {
    entries.push(`${payload.readUInt16BE(at)}=${payload.readUInt32BE(at + 2)}`);
  }
  return entries.join(" ");
}
