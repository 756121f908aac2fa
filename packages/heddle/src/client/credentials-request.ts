/**
 * The credentials of one call: asked once, when there is a connection for the call, and dropped when the call is over before they
 * are there. A call without credentials has none of this.
 */
import {
  type CallCredentials,
  type CallCredentialsContext,
  combineCallCredentials,
  credentialsFailure,
} from "../core/call-credentials.js";
import { appendHeaderFields, type MetadataInit } from "../core/metadata.js";
import { StatusCode } from "../core/status.js";

/** What becomes of the credentials; one of the two is called, at most once, and perhaps from within `ask`. */
export interface CredentialsTaker {
  /** The metadata, name by value. */
  onCredentials(fields: readonly string[]): void;
  onCredentialsFailed(code: StatusCode, message: string, cause: unknown): void;
}

const NOT_SECURE =
  "the call has credentials, and its connection has no TLS: anybody could read them. Give the channel the option tls, or allowInsecureCallCredentials if the network is safe";

export class CredentialsRequest {
  readonly #credentials: CallCredentials;
  readonly #taker: CredentialsTaker;
  readonly #controller = new AbortController();
  #isOver = false;

  constructor(credentials: CallCredentials, taker: CredentialsTaker) {
    this.#credentials = credentials;
    this.#taker = taker;
  }

  /** Those of the channel and of the call, in this order; `undefined` when there are none, which is the usual case. */
  static of(
    ofChannel: CallCredentials | undefined,
    ofCall: CallCredentials | undefined,
    taker: CredentialsTaker,
  ): CredentialsRequest | undefined {
    if (ofChannel === undefined && ofCall === undefined) return undefined;
    if (ofChannel === undefined || ofCall === undefined) {
      return new CredentialsRequest((ofChannel ?? ofCall) as CallCredentials, taker);
    }
    return new CredentialsRequest(combineCallCredentials(ofChannel, ofCall), taker);
  }

  /** Asks for them. `isAllowed` is whether the connection is safe enough. */
  ask(authority: string, methodPath: string, isAllowed: boolean): void {
    if (!isAllowed) {
      this.#isOver = true;
      this.#taker.onCredentialsFailed(StatusCode.UNAUTHENTICATED, NOT_SECURE, undefined);
      return;
    }
    const context: CallCredentialsContext = {
      serviceUrl: serviceUrlOf(authority, methodPath),
      methodPath,
      signal: this.#controller.signal,
    };
    try {
      const given = this.#credentials(context);
      if (isThenable(given)) given.then(this.#take, this.#fail);
      else this.#take(given);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The call is over: what comes now is of no use. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.abort();
  }

  readonly #take = (metadata: MetadataInit): void => {
    if (this.#isOver) return;
    const fields: string[] = [];
    try {
      appendHeaderFields(metadata, fields);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isOver = true;
    this.#taker.onCredentials(fields);
  };

  readonly #fail = (error: unknown): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    const { code, message } = credentialsFailure(error);
    this.#taker.onCredentialsFailed(code, message, error);
  };
}

function isThenable(given: MetadataInit | Promise<MetadataInit>): given is Promise<MetadataInit> {
  return typeof given === "object" && "then" in given && typeof given.then === "function";
}

/** `https://host/package.Service`: what a token may be made out to. The port is left out when it is that of https. */
function serviceUrlOf(authority: string, methodPath: string): string {
  return `https://${authority.replace(/:443$/, "")}${methodPath.slice(0, methodPath.lastIndexOf("/"))}`;
}
