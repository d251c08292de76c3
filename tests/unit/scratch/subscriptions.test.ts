import { expect, test } from "vitest";
import { withoutConnecting } from "../../../src/scratch/subscriptions.ts";
import { parseScript } from "../../../src/sql/parse-script.ts";

const unconnected = async (text: string) =>
  withoutConnecting(await parseScript({ text }, "SCHEMA_200")).statements.map((statement) => statement.text);

test("a subscription is made without connecting, with its other options", async () => {
  expect(
    await unconnected(`create subscription "S s" connection 'host=a' publication p, "Q" with (enabled, copy_data = true,
      slot_name = none, streaming = parallel, binary, synchronous_commit = 'on', two_phase = false)`),
  ).toEqual([
    `create subscription "S s" connection 'host=a' publication p, "Q" with (connect = false, slot_name = 'none', streaming = 'parallel', "binary", synchronous_commit = 'on', two_phase = 'false')`,
  ]);
  expect(await unconnected("create subscription s connection 'a=b' publication p")).toEqual([
    "create subscription s connection 'a=b' publication p with (connect = false)",
  ]);
  expect(await unconnected("create table t (a int)")).toEqual(["create table t (a int)"]);
});
