/** The victim's service. Each handler is counted from its beginning to its end. */
import type { ServiceHandlers } from "heddle";
import type { Target } from "../gen/target_pb.js";
import type { Running } from "./gauges.js";

/** What all downloads are made of: to make it is no work of heddle's. */
const ZEROS = new Uint8Array(1_048_576);

/** `stubbornMs` is for how long the handler goes on that ignores its signal. */
export function createHandlers(running: Running, stubbornMs: number): ServiceHandlers<typeof Target> {
  return {
    echo: ({ data }) => ({ data }),
    stubborn: () =>
      counted(running, async () => {
        await new Promise((resolve) => setTimeout(resolve, stubbornMs));
        return {};
      }),
    async *download({ count, size }) {
      running.begin();
      try {
        const data = ZEROS.subarray(0, size);
        for (let i = 0; i < count; i++) yield { data };
      } finally {
        running.end();
      }
    },
    upload: (requests) =>
      counted(running, async () => {
        let count = 0;
        for await (const _ of requests) count += 1;
        return { count };
      }),
    ignore: (_requests, call) =>
      counted(running, async () => {
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve, { once: true }));
        return {};
      }),
    async *chat(requests) {
      running.begin();
      try {
        for await (const { data } of requests) yield { data };
      } finally {
        running.end();
      }
    },
  };
}

async function counted<T>(running: Running, work: () => Promise<T>): Promise<T> {
  running.begin();
  try {
    return await work();
  } finally {
    running.end();
  }
}
