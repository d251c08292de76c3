/** Where an operation says what it is doing while it does it; never part of its result. */
export interface Log {
  /** Something done, e.g. one migration applied. */
  info(line: string): void;
  /** Something the user should look at. */
  warn(line: string): void;
}

export const silentLog: Log = { info: () => {}, warn: () => {} };
