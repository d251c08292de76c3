import { literal } from "../sql/tag.ts";

interface Numbered {
  /** Qualified and quoted, as `named` below. */
  readonly table: string;
  readonly column: string;
  /** What gives the sequence's regclass, e.g. `pg_get_serial_sequence(…)`. */
  readonly sequence: string;
  readonly increment: string;
}

/** Moves a sequence behind the values that rows have already; nothing without rows. */
export const moveBehindRows = ({ table, column, sequence, increment }: Numbered): string => {
  const last = `${increment.startsWith("-") ? "min" : "max"}(${column})`;
  return `select setval(${sequence}, ${last}) from ${table} having ${last} is not null`;
};

/** A sequence by its qualified and quoted name. */
export const regclass = (named: string): string => `${literal(named).trim()}::regclass`;

/** Moves a sequence, given what gives its regclass, to where another by its qualified and quoted name has come. */
export const continueFrom = (sequence: string, other: string): string =>
  `select setval(${sequence}, last_value, is_called) from ${other}`;

interface Bounds {
  readonly minimum: string;
  readonly maximum: string;
}

/**
 * What brings a sequence, by its qualified and quoted name, within narrower bounds before they are set; one that is
 * within them stays where it is.
 */
export function moveWithin(named: string, from: Bounds, to: Bounds): string[] {
  const [minimum, maximum] = [BigInt(to.minimum), BigInt(to.maximum)];
  const isNarrower = minimum > BigInt(from.minimum) || maximum < BigInt(from.maximum);
  if (!isNarrower || areApart(from, to)) return [];
  const nearest = `case when last_value < ${minimum} then ${minimum} else ${maximum} end`;
  return [
    `select setval(${regclass(named)}, ${nearest}, false) from ${named} where last_value not between ${minimum} and ${maximum}`,
  ];
}

/** No value fits both, so that a sequence has to start again. */
export const areApart = (from: Bounds, to: Bounds): boolean =>
  BigInt(to.minimum) > BigInt(from.maximum) || BigInt(to.maximum) < BigInt(from.minimum);
