// What every measurement here shares: run commands, take medians, print one ratio.
import { spawnSync } from "node:child_process";

/** Wall time of one command in milliseconds; a command that fails ends the measurement. */
export function wall(command, args, options = {}) {
  const { accept = [0], ...rest } = options;
  const started = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    ...rest,
  });
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  if (error || !accept.includes(status))
    throw error ?? new Error(`${command} ${args.join(" ")}: exit ${status}\n${stderr}`);
  return ms;
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Medians of two commands run in turn, so that noise meets both alike. */
export async function compare(ours, peer, rounds) {
  const [a, b] = [[], []];
  for (let i = 0; i < rounds; i++) {
    a.push(await ours());
    b.push(await peer());
  }
  return [median(a), median(b)];
}

export function report(what, [ours, peer], peerName, bar) {
  const ratio = ours / peer;
  const verdict = ratio <= bar ? "within" : "MISSES";
  console.log(
    `${what}: ${ours.toFixed(1)} ms, ${peerName}: ${peer.toFixed(1)} ms, ratio ${ratio.toFixed(2)} (${verdict} the bar of ${bar})`,
  );
}
