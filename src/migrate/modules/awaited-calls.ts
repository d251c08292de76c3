/** One call of a migration: where it stands, and whether anybody waits for it. */
export interface Call {
  /** Made where the call stands, for its stack. */
  readonly site: Error;
  isAwaited: boolean;
}

/** A call that would be lost: still under way at the end, or failed and nobody looked. */
export interface LostCall {
  readonly call: Call;
  readonly error: unknown;
}

/** Calls that run one after the other, and of which none is lost when nobody waits for it. */
export interface AwaitedCalls {
  /** Start `work` at once, if it queues calls of its own. */
  readonly track: <T>(work: (call: Call) => Promise<T>) => Promise<T>;
  /** Start `work` when the calls before it are done. */
  readonly queue: <T>(work: (call: Call) => Promise<T>) => Promise<T>;
  /** Take no more calls and wait for those under way; gives the first one that would be lost. */
  readonly close: (failed: boolean) => Promise<LostCall | undefined>;
  /** Of the calls that failed, caught or not. */
  readonly errors: () => readonly unknown[];
}

/** `late` makes the error of a call that comes after `close`. */
export function awaitedCalls(late: (call: Call) => Error): AwaitedCalls {
  let state: "open" | "closed" | "abandoned" = "open";
  let tail: Promise<unknown> = Promise.resolve();
  const underWay = new Set<Call>();
  const failed: LostCall[] = [];

  function track<T>(work: (call: Call) => Promise<T>): Promise<T> {
    const call = { site: new Error("called here"), isAwaited: false };
    // Where an error is told already, code that nobody waits for must not end the process with another one.
    if (state === "abandoned") return new Promise(() => {});
    if (state === "closed") return Promise.reject(late(call));
    underWay.add(call);
    const running = work(call).finally(() => underWay.delete(call));
    running.catch((error: unknown) => void failed.push({ call, error }));
    return watched(running, call);
  }

  return {
    track,
    queue: (work) =>
      track((call) => {
        const result = tail.then(() => work(call));
        tail = result.catch(() => undefined);
        return result;
      }),
    async close(hasFailed) {
      const [left] = underWay;
      const unseen = failed.find(({ call }) => !call.isAwaited);
      state = hasFailed || left !== undefined || unseen !== undefined ? "abandoned" : "closed";
      await tail;
      if (unseen !== undefined || left === undefined) return unseen;
      return { call: left, error: failed.find(({ call }) => call === left)?.error };
    },
    errors: () => failed.map(({ error }) => error),
  };
}

/** A promise that notes when somebody waits for it. */
function watched<T>(running: Promise<T>, call: Call): Promise<T> {
  const noted = (): Promise<T> => {
    call.isAwaited = true;
    return running;
  };
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- `await` asks a promise of another make through its `then`
    then: (onDone, onFailure) => noted().then(onDone, onFailure),
    catch: (onFailure) => noted().catch(onFailure),
    finally: (onEnd) => noted().finally(onEnd),
    [Symbol.toStringTag]: "Promise",
  };
}
