export const RESERVED_WORDS: ReadonlySet<string> = new Set(["all", "order", "user", "table"]);
