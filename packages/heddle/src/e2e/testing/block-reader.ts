/** Reads the header blocks of a server for tests: a client's engine is fed with its HEADERS frames and nothing else. */
import { Connection, type HeaderList, type Sink, type Stream } from "@heddle/http2";

/** The blocks of all streams of one connection. */
export class BlockReader {
  /** By stream, the fields of its header blocks in their order. */
  readonly blocks = new Map<number, Record<string, string>[]>();
  readonly #connection: Connection<undefined>;
  #openedId = -1;

  constructor() {
    const ignore = (): void => {};
    const keep = (stream: Stream<undefined>, headers: HeaderList): void => {
      const fields: Record<string, string> = {};
      for (let i = 0; i < headers.fields.length; i += 2)
        fields[headers.fields[i] as string] = headers.fields[i + 1] as string;
      this.blocks.set(stream.id, [...(this.blocks.get(stream.id) ?? []), fields]);
    };
    const sink: Sink<undefined> = {
      onHeaders: keep,
      onTrailers: keep,
      onData: ignore,
      onEnd: ignore,
      onReset: ignore,
      onClosed: ignore,
      onRoom: ignore,
      onSettings: ignore,
      onPingAck: ignore,
      onDrained: ignore,
      onGoAway: ignore,
      onCapacity: ignore,
      onDue: ignore,
      onFatal: ignore,
      onOutput: ignore,
      onOutputFull: ignore,
    };
    this.#connection = new Connection("client", sink, {});
    this.#connection.start();
    this.#connection.receive(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  }

  /** Takes a whole HEADERS frame, with its frame header. */
  read(streamId: number, frame: Buffer): void {
    while (this.#openedId < streamId) this.#openedId = this.#connection.openStream(undefined).id;
    this.#connection.receive(frame);
  }
}
