/** The error of an encoder: which field holds something that its type cannot hold. */

/** Which field could not be encoded, and why. */
export interface EncodeErrorDetails {
  /** The message type that was being written: the innermost one. */
  readonly typeName: string;
  /** The field's name as in the `.proto` file; `undefined` when the whole message is the problem. */
  readonly field: string | undefined;
  /** What was wrong. */
  readonly reason: string;
}

/** The message cannot be encoded. What was written to the sink so far is incomplete and is to be thrown away. */
export class EncodeError extends Error implements EncodeErrorDetails {
  readonly typeName: string;
  readonly field: string | undefined;
  readonly reason: string;

  constructor(details: EncodeErrorDetails, options?: ErrorOptions) {
    const name = details.field === undefined ? details.typeName : `${details.typeName}.${details.field}`;
    super(`cannot encode ${name}: ${details.reason}`, options);
    this.name = "EncodeError";
    this.typeName = details.typeName;
    this.field = details.field;
    this.reason = details.reason;
  }
}
