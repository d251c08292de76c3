const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, "Done, including nothing to do"],
  [1, "The answer is no (findings, pending migrations, drift), or a generic failure"],
  [2, "The ledger does not exist in this database"],
  [3, "The database is unreachable, or a migration failed"],
  [4, "The schema could not be built"],
  [5, "Wrong usage, configuration, validation or sync"],
  [6, "The migration lock is held by another run"],
  [7, "Preflight or a git gate says no"],
  [8, "The rollback is not possible"],
];

/** The table of `confiture --exit-codes`; the numbers are a public contract. */
export const exitCodesText = (): string =>
  EXIT_CODES.map(([code, meaning]) => `${code}  ${meaning}\n`).join("");
