import { ConfitureError, type ErrorCode, type ErrorContext } from "../../base/errors.ts";
import { anonymizerNamed, type Rule } from "../rule.ts";
import type { FinishedUnit } from "../target/records.ts";
import type { Treatment } from "../treatment.ts";
import type { LaneEnds } from "./lane.ts";

/** What a thread is told when it starts; nothing in it has a function. */
export interface ThreadSetup {
  readonly ends: LaneEnds;
  readonly treatments: readonly PlainTreatment[];
  /** Of the master key. */
  readonly secret: Uint8Array;
}

/** What the thread of a lane says: bytes that it read, and in the end how a unit or the goodbye went. */
export type LaneReply =
  | { readonly bytes: number }
  | { readonly finished: FinishedUnit | null }
  | { readonly error: PlainError };

/** What ends a lane, where a unit would be the next. */
export const GOODBYE = "goodbye";

/** What ends all lanes of a thread. */
export const ABORT = "abort";

/** With the anonymizer by its name. */
export type PlainTreatment = Omit<Treatment, "rule"> & {
  readonly rule: Omit<Rule, "anonymizer"> & { readonly anonymizer: string };
};

export const plainTreatment = ({ rule, ...rest }: Treatment): PlainTreatment => ({
  ...rest,
  rule: { ...rule, anonymizer: rule.anonymizer.name },
});

export const treatmentOf = ({ rule, ...rest }: PlainTreatment): Treatment => ({
  ...rest,
  rule: { ...rule, anonymizer: anonymizerNamed(rule.anonymizer) },
});

/** An error on its way to another thread; `code` is that of a ConfitureError. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: ErrorCode | null;
  readonly context: Omit<ErrorContext, "cause">;
  readonly cause: PlainError | null;
}

export function plainError(thrown: unknown): PlainError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack, cause } = error;
  const isOurs = error instanceof ConfitureError;
  return {
    name,
    message,
    stack,
    code: isOurs ? error.code : null,
    context: isOurs
      ? (JSON.parse(JSON.stringify({ ...error.context, cause: undefined })) as ErrorContext)
      : {},
    cause: cause === undefined ? null : plainError(cause),
  };
}

export function errorOf({ name, message, stack, code, context, cause: plain }: PlainError): Error {
  const cause = plain === null ? {} : { cause: errorOf(plain) };
  const error =
    code === null ? new Error(message, cause) : new ConfitureError(code, message, { ...context, ...cause });
  return Object.assign(error, { stack }, error.name === name ? {} : { name });
}
