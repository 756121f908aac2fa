/**
 * The life of a stream, as small integers because there is one per call. RFC 9113 section 5.1.
 *
 * PUSH_PROMISE is refused, so the reserved states do not exist, and the two directions can be told apart:
 *
 *     receiving:  OPEN ── END_STREAM received, what came with it not delivered ──▶ ENDING ── onEnd ──▶ ENDED
 *     sending:    IDLE ── HEADERS sent ──▶ OPEN ── end asked for, data still queued ──▶ ENDING ── END_STREAM sent ──▶ ENDED
 *                                           └──────────── END_STREAM sent ──────────────────────────────────────────▶ ENDED
 *
 * The RFC's states follow from the pair: "open" is neither ENDED, "half-closed (remote)" is receiving ENDING or ENDED, "half-closed
 * (local)" is sending ENDED, "closed" is both, or a reset in either direction. A stream that is closed leaves the store,
 * which remembers why (`CloseCause`).
 */

/** What may still come from the peer. */
export const Receiving = { OPEN: 0, ENDING: 1, ENDED: 2 } as const;
export type Receiving = (typeof Receiving)[keyof typeof Receiving];

/** What may still go to the peer. */
export const Sending = { IDLE: 0, OPEN: 1, ENDING: 2, ENDED: 3 } as const;
export type Sending = (typeof Sending)[keyof typeof Sending];

/**
 * Why a stream is closed; `NONE` while it is not. It decides what a late frame gets. RFC 9113 section 5.1, "closed". A stream of
 * which frames come although the peer has reset it is answered once: `RESET_ANSWERED`.
 */
export const CloseCause = {
  NONE: 0,
  ENDED: 1,
  RESET_SENT: 2,
  RESET_RECEIVED: 3,
  CONNECTION: 4,
  RESET_ANSWERED: 5,
} as const;
export type CloseCause = (typeof CloseCause)[keyof typeof CloseCause];
