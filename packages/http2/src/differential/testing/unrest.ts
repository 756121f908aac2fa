/** What goes on beside the calls of a story, from its beginning to its end: nghttp2 changes its settings, and both sides send PING. */
import assert from "node:assert/strict";
import type { Http2Session } from "node:http2";
import { Dice } from "./dice.js";
import type { EngineEndpoint } from "./engine-endpoint.js";
import type { Story } from "./story.js";
import { afterTurns } from "./turns.js";

/** The engine allows 200 SETTINGS frames at once. */
const MOST_CHANGES = 150;

export class Unrest {
  /** Settings of nghttp2's side that the engine has acknowledged. */
  settingsChanged = 0;
  /** PINGs of nghttp2's side that came back. */
  pongs = 0;
  readonly #session: Http2Session;
  readonly #engine: EngineEndpoint;
  readonly #story: Story;
  readonly #dice: Dice;
  #isOver = false;

  constructor(session: Http2Session, engine: EngineEndpoint, story: Story) {
    this.#session = session;
    this.#engine = engine;
    this.#story = story;
    this.#dice = new Dice(story.seed + 5);
  }

  start(): void {
    this.#changeSettings();
    this.#ping();
  }

  stop(): void {
    this.#isOver = true;
  }

  get #mayGoOn(): boolean {
    return (
      !this.#isOver && !this.#session.destroyed && !this.#session.closed && this.#engine.connection.fatal === undefined
    );
  }

  /** One change waits for the other to be acknowledged. */
  #changeSettings(): void {
    if (!this.#mayGoOn || this.settingsChanged === MOST_CHANGES) return;
    const { laterSettings } = this.#story;
    const settings = laterSettings[this.settingsChanged % laterSettings.length] ?? {};
    this.#session.settings(settings, (error: Error | null) => {
      if (error !== null) return;
      this.settingsChanged += 1;
      afterTurns(this.#dice.whole(1, 100), () => this.#changeSettings());
    });
  }

  #ping(): void {
    if (!this.#mayGoOn) return;
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(this.#dice.seed());
    this.#engine.ping();
    this.#session.ping(payload, (error: Error | null, _durationMs: number, answer: Buffer) => {
      if (error !== null) return;
      assert.deepEqual(answer, payload, "another PING has come back");
      this.pongs += 1;
      afterTurns(this.#dice.whole(1, 60), () => this.#ping());
    });
  }
}
