import { randomBytes } from "node:crypto";
import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { currentHost } from "../../scratch/host.ts";
import type { KeptDatabase } from "../../scratch/kept-databases.ts";
import {
  localMajors,
  openScratch,
  type ScratchDatabase,
  type ScratchOptions,
  type ScratchServer,
} from "../../scratch/scratch.ts";
import type { dropOutput, listOutput, Sandbox, urlOutput } from "./sandbox.ts";
import { sandboxName } from "./sandbox-name.ts";

/** Whom a new sandbox is for, and how long. */
export interface SandboxRequest {
  readonly intent?: string | null | undefined;
  readonly agent?: string | null | undefined;
  readonly ttlMs: number;
}

/** How long a local server runs on after a connection string was handed out, whatever happens with it. */
const HOLD_MS = 1_800_000;

/** What the comment of a sandbox's database says. */
const noteSchema = z.object({
  purpose: z.literal("sandbox"),
  intent: z.string().nullable(),
  agent: z.string().nullable(),
  from: z.string(),
  made_at: z.string(),
  expires_at: z.string(),
});

export interface KeepRequest extends SandboxRequest, Pick<ScratchOptions, "host"> {
  readonly from: string;
}

/** Make a sandbox of a scratch database, which is that from now on and no scratch database any more. */
export async function keepSandbox(
  scratch: ScratchServer,
  database: ScratchDatabase,
  request: KeepRequest,
): Promise<Sandbox> {
  const { intent = null, agent = null, from } = request;
  const name = sandboxName({ intent, agent, nonce: randomBytes(8).toString("hex") });
  const now = (request.host ?? currentHost()).now();
  const expires_at = new Date(now + request.ttlMs).toISOString();
  const facts = { intent, agent, from, made_at: new Date(now).toISOString(), expires_at };
  const { url } = await scratch.keep(database, name, { purpose: "sandbox", ...facts });
  await scratch.hold(HOLD_MS);
  return { name, url, ...facts };
}

/** Every sandbox of the machine, or of the server that is named; throws as `openScratch`. */
export async function listSandboxes(options: ScratchOptions): Promise<z.infer<typeof listOutput.schema>> {
  const found = await onServers(options, async (scratch) => ({
    sandboxes: await sandboxesOn(scratch),
    expired: scratch.expired,
  }));
  return {
    sandboxes: found.flatMap(({ sandboxes }) => sandboxes),
    expired: found.flatMap(({ expired }) => expired),
  };
}

/** Where a sandbox is; a local server is started, and runs on for a while. Throws SANDBOX_001. */
export async function sandboxUrl(
  name: string,
  options: ScratchOptions,
): Promise<z.infer<typeof urlOutput.schema>> {
  const known: string[] = [];
  const found = await onServers(options, async (scratch) => {
    const sandboxes = await sandboxesOn(scratch);
    known.push(...sandboxes.map((sandbox) => sandbox.name));
    const one = sandboxes.find((sandbox) => sandbox.name === name);
    if (one !== undefined) await scratch.hold(HOLD_MS);
    return one;
  });
  const one = found.find((sandbox) => sandbox !== undefined);
  if (one === undefined) throw unknown(name, known);
  return { name, url: one.url, expires_at: one.expires_at };
}

/** Drop one, whoever is connected to it. Throws SANDBOX_001. */
export async function dropSandbox(
  name: string,
  options: ScratchOptions,
): Promise<z.infer<typeof dropOutput.schema>> {
  const known: string[] = [];
  const dropped = await dropWhere(options, (sandbox) => {
    known.push(sandbox.name);
    return sandbox.name === name;
  });
  if (dropped.length === 0) throw unknown(name, known);
  return { dropped };
}

/** Drop those of an intent, as when it is completed or given up; gives their names. */
export const dropSandboxesOf = (intent: string, options: ScratchOptions): Promise<string[]> =>
  dropWhere(options, (sandbox) => sandbox.intent === intent);

/** Drop those whose time is over, which every opening of the server does; gives their names. */
export async function dropExpired(options: ScratchOptions): Promise<z.infer<typeof dropOutput.schema>> {
  return { dropped: (await onServers(options, async ({ expired }) => expired)).flat() };
}

async function dropWhere(options: ScratchOptions, isMeant: (sandbox: Sandbox) => boolean): Promise<string[]> {
  const dropped = await onServers(options, async (scratch) => {
    const meant = (await sandboxesOn(scratch)).filter(isMeant);
    for (const { name } of meant) await scratch.dropKept(name);
    return meant.map(({ name }) => name);
  });
  return dropped.flat();
}

/** On the named server, or on every local one that was made: one for each major version that was ever asked for. */
async function onServers<T>(
  options: ScratchOptions,
  work: (scratch: ScratchServer) => Promise<T>,
): Promise<T[]> {
  const majors = options.url === undefined ? localMajors(options) : [undefined];
  const results: T[] = [];
  for (const major of majors) results.push(await onServer({ ...options, major }, work));
  return results;
}

async function onServer<T>(
  options: ScratchOptions,
  work: (scratch: ScratchServer) => Promise<T>,
): Promise<T> {
  await using scratch = await openScratch(options);
  return await work(scratch);
}

async function sandboxesOn(scratch: ScratchServer): Promise<(Sandbox & Pick<KeptDatabase, "connections">)[]> {
  return (await scratch.kept()).flatMap(({ name, url, note, connections }) => {
    const read = noteSchema.safeParse(note);
    if (!read.success) return [];
    const { purpose: _, ...facts } = read.data;
    return [{ name, url, ...facts, connections }];
  });
}

function unknown(name: string, known: readonly string[]): ConfitureError {
  const near = nearest(name, known);
  return new ConfitureError("SANDBOX_001", `There is no sandbox ${name}`, {
    details: { sandboxes: known },
    ...(near !== undefined && { actionable: `Did you mean ${near}?` }),
  });
}
