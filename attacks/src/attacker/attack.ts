/** What an attack is: how each of its connections begins, and which answers of the victim are right. */
import type { ErrorName } from "../frames/frame.js";
import type { AttackConnection } from "./attack-connection.js";

/** An answer that passes. What does not read cannot see a GOAWAY: to it, the connection just ends. */
export type Expectation =
  /** The victim throws the attacker out, with one of these codes and with no other error. */
  | { readonly kind: "goaway"; readonly codes: readonly ErrorName[] }
  /** The victim ends the connection, with or without a word. */
  | { readonly kind: "closed" }
  /** The victim ends every connection; those that come in their place may still be there. */
  | { readonly kind: "all closed" }
  /** The connections live; streams are reset with one of these codes. */
  | { readonly kind: "reset"; readonly codes: readonly ErrorName[] }
  /** The connections live, and requests are answered. */
  | { readonly kind: "answered" }
  /** The connections live, and cost nothing. */
  | { readonly kind: "lives" };

export const thrownOut = (...codes: readonly ErrorName[]): Expectation => ({ kind: "goaway", codes });
export const streamsReset = (...codes: readonly ErrorName[]): Expectation => ({ kind: "reset", codes });
export const CALMED: Expectation = thrownOut("ENHANCE_YOUR_CALM");
export const CLOSED: Expectation = { kind: "closed" };
export const ALL_CLOSED: Expectation = { kind: "all closed" };
export const ANSWERED: Expectation = { kind: "answered" };
export const LIVES: Expectation = { kind: "lives" };

export interface Attack {
  readonly name: string;
  /** What it does, in a few words. */
  readonly about: string;
  /** Any of these passes. */
  readonly expected: readonly Expectation[];
  /** Connections at a time, where one is no attack. */
  readonly connections?: number;
  /** False: it never reads what the victim sends. */
  readonly reads?: false;
  /** False: it acknowledges nothing but the first SETTINGS. */
  readonly acknowledges?: false;
  /** Its answer is a time-out of the handshake, so that it must last longer than that. */
  readonly outlastsHandshake?: true;
  /** Written first, in place of an honest greeting. */
  readonly greeting?: Buffer;
  /** Goes on from there, on each connection. */
  readonly begin: (connection: AttackConnection) => void;
}
