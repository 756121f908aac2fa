/** Joins the room, says the lines it is given, and prints what it hears until it leaves. */
import { type BidiStreamingCall, createClient, type MessageInit } from "heddle";
import { clientOptions, readOptions, usageError } from "../shared/options.js";
import { runClient } from "../shared/run-client.js";
import { Chat, type ChatEvent, type ChatRequestSchema } from "./gen/chat_pb.js";
import { givenLines, type LineSource, stdinLines } from "./line-source.js";

type ChatCall = BidiStreamingCall<MessageInit<typeof ChatRequestSchema>, ChatEvent>;

const options = readOptions({
  ...clientOptions,
  name: { type: "string" },
  say: { type: "string", multiple: true },
});
const name = options.name ?? usageError("--name is needed: it is what the others see");
const source = options.say ? givenLines(options.say) : stdinLines();

await runClient(options, async (channel) => {
  const call = createClient(Chat, channel).join();
  await Promise.all([speak(call, name, source), hear(call, source)]);
});

/** Joins, says line by line, and leaves when the lines end. */
async function speak(call: ChatCall, name: string, { lines }: LineSource): Promise<void> {
  await call.send({ action: { case: "join", value: { name } } });
  for await (const line of lines) {
    if (line.trim() !== "") await call.send({ action: { case: "say", value: { text: line } } });
  }
  call.end();
}

/** Prints what happens in the room. When the server ends the call, no more lines are read. */
async function hear(call: ChatCall, source: LineSource): Promise<void> {
  try {
    for await (const event of call) source.print(describeEvent(event));
  } finally {
    source.close();
  }
}

function describeEvent({ event }: ChatEvent): string {
  switch (event.case) {
    case "welcome":
      return event.value.members.length === 0
        ? "You are alone in the room."
        : `You are in the room with ${event.value.members.join(", ")}.`;
    case "joined":
      return `${event.value.name} joined the room`;
    case "said":
      return `${event.value.name}: ${event.value.text}`;
    case "left":
      return `${event.value.name} left the room`;
    default:
      return "Something happened that this client does not know.";
  }
}
