import { ConfitureError } from "../../base/errors.ts";
import type { Snapshot } from "../../schema/snapshot.ts";
import { openScratch, type ScratchOptions, type ScratchServer } from "../../scratch/scratch.ts";
import type { Opening, OpenSide, Side } from "./side.ts";

/** Two sides that were read at the same major version; disposing drops what was made for them. */
export interface Sides<S extends Snapshot> extends AsyncDisposable {
  readonly from: OpenSide<S>;
  readonly to: OpenSide<S>;
  /** A scratch server of that version, opened when it is first asked for. */
  readonly scratch: () => Promise<ScratchServer>;
}

export interface SidesOptions {
  /** `major` is what no live database decides; by default the newest that is found. */
  readonly scratch: ScratchOptions;
}

/**
 * Read two sides, what is built on the version of the live one. Throws DIFFER_401 for live databases of two
 * versions, CONFIG_008 when another one was asked for, else what the sides throw, with the side in the details.
 */
export async function openSides<S extends Snapshot>(
  from: Side,
  to: Side,
  { scratch: options, read }: SidesOptions & Pick<Opening<S>, "read">,
): Promise<Sides<S>> {
  const major = await commonMajor(from, to, options.major);
  const held: AsyncDisposable[] = [];
  let server: Promise<ScratchServer> | undefined;
  const scratch = () => (server ??= openScratch({ ...options, major }));
  const dispose = async () => {
    for (const one of held.toReversed()) await one[Symbol.asyncDispose]();
    await (await server?.catch(() => undefined))?.[Symbol.asyncDispose]();
  };
  const open = async (side: Side) => {
    const opened = await about(side, side.open({ scratch, read }));
    held.push(opened);
    return opened;
  };
  try {
    return { from: await open(from), to: await open(to), scratch, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function commonMajor(from: Side, to: Side, asked: number | undefined): Promise<number | undefined> {
  const a = await about(from, from.major());
  const b = await about(to, to.major());
  if (a !== null && b !== null && a !== b) {
    throw new ConfitureError(
      "DIFFER_401",
      `${from.label} is on PostgreSQL ${a} and ${to.label} on PostgreSQL ${b}: neither can be read at the version of the other`,
      {
        details: { from: a, to: b },
        actionable:
          "Compare each with the DDL files or migrations, which are built at its version, or write one out with `confiture export` and compare those files with the other.",
      },
    );
  }
  const live = a ?? b ?? undefined;
  if (live !== undefined && asked !== undefined && live !== asked) {
    throw new ConfitureError(
      "CONFIG_008",
      `PostgreSQL ${asked} was asked for, and ${(a === null ? to : from).label} is on PostgreSQL ${live}`,
    );
  }
  return live ?? asked;
}

/** An error says which side it is about. */
async function about<T>(side: Side, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ConfitureError ? error.with({ details: { side: side.label } }) : error;
  }
}
