/** The cases of the interop client, by the names of gRPC's. Those that need Google's cloud are not here. */
import type { ClientCase } from "./client-case.js";
import { compressedCases } from "./compressed.js";
import { credentialsCases } from "./credentials.js";
import { endingCases } from "./endings.js";
import { soakCases } from "./soak.js";
import { statusCases } from "./statuses.js";
import { streamingCases } from "./streaming.js";
import { unaryCases } from "./unary.js";

export const clientCases: Readonly<Record<string, ClientCase>> = {
  ...unaryCases,
  ...streamingCases,
  ...compressedCases,
  ...statusCases,
  ...endingCases,
  ...soakCases,
  ...credentialsCases,
};
