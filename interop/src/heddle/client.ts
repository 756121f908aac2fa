/** Performs one case of the cross-language tests on heddle and prints its result as one line of JSON. */
import { parseArgs } from "node:util";
import { createChannel } from "heddle";
import type { ClientCase } from "./client-cases/client-case.js";
import { endingCases } from "./client-cases/endings.js";
import { exampleCases } from "./client-cases/examples.js";
import { loadCases } from "./client-cases/load.js";
import { metadataCases } from "./client-cases/metadata.js";
import { serverEndCases } from "./client-cases/server-ends.js";

const cases: Readonly<Record<string, ClientCase>> = {
  ...exampleCases,
  ...metadataCases,
  ...endingCases,
  ...loadCases,
  ...serverEndCases,
};

const { values } = parseArgs({
  options: {
    address: { type: "string", default: "" },
    case: { type: "string", default: "" },
    input: { type: "string", default: "{}" },
  },
});
const perform = cases[values.case];
if (!perform) throw new Error(`there is no case "${values.case}"`);

const channel = createChannel(values.address);
try {
  // src/cases gives each case the input that it wants.
  const result = await perform(channel, JSON.parse(values.input) as never);
  console.log(JSON.stringify(result));
} finally {
  await channel.close();
}
