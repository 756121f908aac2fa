/** All scenarios, in the order in which `all` runs them. */
import type { Scenario } from "../harness/scenario.js";
import { echo } from "./echo.js";
import { streaming } from "./streaming.js";
import { unaryClient } from "./unary-client.js";
import { unaryServer } from "./unary-server.js";

export const scenarios: readonly Scenario[] = [unaryServer, unaryClient, streaming, echo];
