// Where a thread of `threads.ts` begins.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { ConfitureError } from "../../base/errors.ts";
import { keyOfSecret } from "../keyed/master-key.ts";
import { type Lane, openLane, type UnitTask } from "./lane.ts";
import { prepareCopies } from "./table-copy.ts";
import {
  ABORT,
  GOODBYE,
  type LaneReply,
  plainError,
  type ThreadSetup,
  treatmentOf,
} from "./thread-message.ts";

/** Bytes that are told of at once. */
const TOLD_BYTES = 1_048_576;

const { ends, treatments, secret } = workerData as ThreadSetup;
const copies = prepareCopies(treatments.map(treatmentOf), keyOfSecret(secret));
const stop = new AbortController();

parentPort!.on("message", (message: MessagePort | typeof ABORT) => {
  if (message === ABORT) stop.abort(new ConfitureError("INTERRUPTED", "stopped by the main thread"));
  else serve(message);
});

/** One lane, for whoever is at the other end of the port. */
function serve(port: MessagePort): void {
  let lane: Promise<Lane> | undefined;
  let untold = 0;
  const reply = (message: LaneReply) => port.postMessage(message);
  const tell = () => {
    reply({ bytes: untold });
    untold = 0;
  };
  const onBytes = (bytes: number) => {
    untold += bytes;
    if (untold >= TOLD_BYTES) tell();
  };
  const open = async () => openLane(ends, { copies: await copies, onBytes, signal: stop.signal });
  const work = async (task: UnitTask | typeof GOODBYE) => {
    if (task !== GOODBYE) return await (await (lane ??= open())).copy(task);
    // One that did not open has said so to who wanted it.
    await (await lane?.catch(() => undefined))?.[Symbol.asyncDispose]();
    return null;
  };
  port.on("message", (task: UnitTask | typeof GOODBYE) => {
    void work(task).then(
      (finished) => (tell(), reply({ finished })),
      (error: unknown) => reply({ error: plainError(error) }),
    );
  });
}
