import { AsyncLocalStorage } from "node:async_hooks";
import { ident } from "../../sql/tag.ts";

/** Runs one statement in its turn, and `done` before any other has its own. */
type RunStatement = (statement: string, done: () => void) => Promise<void>;

/** The savepoints of one migration, and which of them a piece of code stands in. */
export interface OpenSavepoints {
  readonly innermost: number | undefined;
  /** The one around the code that asks. */
  readonly around: () => number | undefined;
  /** Run `work` in a savepoint of its own; anything thrown rolls back to it and is thrown on. */
  readonly run: <T>(work: () => Promise<T>, statement: RunStatement) => Promise<T>;
}

export function openSavepoints(): OpenSavepoints {
  const scopes = new AsyncLocalStorage<number>();
  let innermost: number | undefined;
  let made = 0;
  return {
    get innermost() {
      return innermost;
    },
    around: () => scopes.getStore(),
    async run(work, statement) {
      const outer = scopes.getStore();
      const own = ++made;
      const name = ident(`confiture_savepoint_${own}`);
      const ended = () => {
        innermost = outer;
      };
      await statement(`savepoint ${name}`, () => {
        innermost = own;
      });
      return scopes.run(own, async () => {
        try {
          const result = await work();
          await statement(`release savepoint ${name}`, ended);
          return result;
        } catch (error) {
          const back = `rollback to savepoint ${name}; release savepoint ${name}`;
          // The first error is the one to tell; an aborted transaction stays aborted, so nothing is lost.
          await statement(back, ended).catch(() => undefined);
          throw error;
        }
      });
    },
  };
}
