import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, type ResourceLimits, Worker } from "node:worker_threads";
import { ConfitureError } from "../../base/errors.ts";
import type { FinishedUnit } from "../target/records.ts";
import type { Lane, LaneOptions, UnitTask } from "./lane.ts";
import { ABORT, errorOf, GOODBYE, type LaneReply, type ThreadSetup } from "./thread-message.ts";

/** Beside this file in the library, and beside the parts of the program; not there where sources run as they are. */
const ENTRY = new URL("lane-thread.js", import.meta.url);

/** What decides how many threads there are where nobody says it. */
export interface Site {
  readonly cores: number;
  /** A thread can be started: not where the sources run as they are. */
  readonly isBuilt: boolean;
}

const here = (): Site => ({ cores: availableParallelism(), isBuilt: existsSync(fileURLToPath(ENTRY)) });

/** Each holds some 30 MB; with a second one, four lanes exceed the 200 MB that a sync is to do with. */
const MOST_BY_ITSELF = 1;

/**
 * How many threads lanes go through beside this one, which has lanes as well. One core is left to the servers, which are
 * as busy as we are. Throws CONFIG_008 where threads are wanted and cannot be started.
 */
export function threadCount(
  wanted: number | undefined,
  lanes: number,
  { cores, isBuilt }: Site = here(),
): number {
  if (wanted !== undefined && wanted > 0 && !isBuilt) {
    throw new ConfitureError("CONFIG_008", "threads can only be started by the built program", {
      actionable: "Leave the number of threads out, or give 0.",
    });
  }
  const most = wanted ?? (isBuilt ? Math.min(cores - 2, MOST_BY_ITSELF) : 0);
  return Math.max(0, Math.min(most, lanes - 1));
}

/** Threads that copy. All lanes are to be closed before. */
export interface Threads extends AsyncDisposable {
  /** Connects with its first unit. */
  openLane(): Lane;
}

export interface ThreadOptions extends Omit<LaneOptions, "copies"> {
  readonly count: number;
  readonly entry?: URL;
}

/** Start threads, over which lanes are spread evenly. A lane throws SYNC_307 when its thread ends by itself. */
export function startThreads(setup: ThreadSetup, options: ThreadOptions): Threads {
  const threads = Array.from({ length: options.count }, () => startThread(setup, options));
  let next = 0;
  const abort = () => threads.forEach(({ worker }) => worker.postMessage(ABORT));
  options.signal?.addEventListener("abort", abort, { once: true });
  return {
    openLane: () => openLaneIn(threads[next++ % threads.length]!, options),
    [Symbol.asyncDispose]: async () => {
      options.signal?.removeEventListener("abort", abort);
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

interface Thread {
  readonly worker: Worker;
  /** Rejects once it has ended. */
  readonly ended: Promise<never>;
}

/** A batch of rows is soon done with, so that room for a few is enough. */
const LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 3 };

function startThread({ secret, ...setup }: ThreadSetup, { entry = ENTRY }: ThreadOptions): Thread {
  const own = new Uint8Array(secret);
  const worker = new Worker(entry, {
    name: "confiture sync",
    workerData: { ...setup, secret: own },
    transferList: [own.buffer],
    resourceLimits: LIMITS,
  });
  const ended = new Promise<never>((_, reject) => {
    worker.once("error", (error) => reject(threadEnded(error.message, error)));
    worker.once("exit", (code) => reject(threadEnded(`exit code ${code}`)));
  });
  ended.catch(() => {
    // Who waits for an answer is told.
  });
  return { worker, ended };
}

const threadEnded = (why: string, cause?: unknown): ConfitureError =>
  new ConfitureError("SYNC_307", `a thread that copies rows ended by itself: ${why}`, { cause });

function openLaneIn({ worker, ended }: Thread, { onBytes, signal }: ThreadOptions): Lane {
  const { port1: port, port2: theirs } = new MessageChannel();
  worker.postMessage(theirs, [theirs]);
  const ask = (message: UnitTask | typeof GOODBYE) => Promise.race([answerOf(port, message, onBytes), ended]);
  return {
    copy: async (task) => {
      try {
        return (await ask(task))!;
      } catch (error) {
        // It was told to stop without the reason.
        const isStopped = error instanceof ConfitureError && error.code === "INTERRUPTED";
        throw isStopped && signal?.aborted ? signal.reason : error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      // Sessions of a thread that has ended went with it.
      await ask(GOODBYE).catch(() => null);
      port.close();
    },
  };
}

function answerOf(
  port: MessagePort,
  message: UnitTask | typeof GOODBYE,
  onBytes: (bytes: number) => void = () => {},
): Promise<FinishedUnit | null> {
  return new Promise((resolve, reject) => {
    const listen = (reply: LaneReply) => {
      if ("bytes" in reply) return onBytes(reply.bytes);
      port.off("message", listen);
      if ("error" in reply) reject(errorOf(reply.error));
      else resolve(reply.finished);
    };
    port.on("message", listen);
    port.postMessage(message);
  });
}
