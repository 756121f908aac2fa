/** All cases, in the order in which they run. */
import { endingCases } from "./ending-cases.js";
import { exampleCases } from "./example-cases.js";
import type { InteropCase } from "./interop-case.js";
import { loadCases } from "./load-cases.js";
import { metadataCases } from "./metadata-cases.js";
import { productCases } from "./product-cases.js";
import { serverEndCases } from "./server-end-cases.js";

export const allCases: readonly InteropCase[] = [
  ...exampleCases,
  ...productCases,
  ...metadataCases,
  ...endingCases,
  ...loadCases,
  ...serverEndCases,
];
