import type { Kind } from "../kind.ts";
import { type Routine, routineKind } from "../routine.ts";

/** Window functions too. */
export const func: Kind<Routine> = routineKind("function", "'f', 'w'", (type) => `shell-type ${type}`);
