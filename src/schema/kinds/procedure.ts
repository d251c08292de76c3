import type { Kind } from "../kind.ts";
import { type Routine, routineKind } from "../routine.ts";

export const procedure: Kind<Routine> = routineKind("procedure", "'p'");
