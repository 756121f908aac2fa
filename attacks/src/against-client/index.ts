/** All attacks on a client. */
import type { Attack } from "../attacker/attack.js";
import { badServices } from "./bad-services.js";
import { floods } from "./floods.js";

export const clientAttacks: readonly Attack[] = [...floods, ...badServices];
