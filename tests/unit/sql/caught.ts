import { ConfitureError } from "../../../src/base/errors.ts";

/** The ConfitureError that `work` throws. */
export function caught(work: () => unknown): ConfitureError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfitureError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
