/** The error of a decoder: what was wrong with the bytes, and where. */

/** Where a decoder was when it gave up. */
export interface DecodeErrorDetails {
  /** The message type that was being read: the innermost one. */
  readonly typeName: string;
  /** The name of the field that was being read, as in the `.proto` file; `undefined` between fields and in unknown ones. */
  readonly field: string | undefined;
  /** How many bytes into the data the fault is; `undefined` where the library without code generation cannot tell. */
  readonly offset: number | undefined;
  /** What was wrong. */
  readonly reason: string;
}

/** The bytes are not a valid encoding of the message type. Nothing of the message is returned. */
export class DecodeError extends Error implements DecodeErrorDetails {
  readonly typeName: string;
  readonly field: string | undefined;
  readonly offset: number | undefined;
  readonly reason: string;

  constructor(details: DecodeErrorDetails, options?: ErrorOptions) {
    const name = details.field === undefined ? details.typeName : `${details.typeName}.${details.field}`;
    const where = details.offset === undefined ? "" : ` at byte ${details.offset}`;
    super(`cannot decode ${name}${where}: ${details.reason}`, options);
    this.name = "DecodeError";
    this.typeName = details.typeName;
    this.field = details.field;
    this.offset = details.offset;
    this.reason = details.reason;
  }
}
