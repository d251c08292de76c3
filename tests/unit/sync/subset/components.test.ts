import fc from "fast-check";
import { expect, test } from "vitest";
import { components } from "../../../../src/sync/subset/components.ts";

const of = (edges: Readonly<Record<string, string>>) =>
  components(Object.keys(edges), (node) => (edges[node] ?? "").match(/./g) ?? []).map((nodes) =>
    nodes.toSorted().join(""),
  );

test("each comes after those that it leads to", () => {
  expect(of({ a: "b", b: "c", c: "" })).toEqual(["c", "b", "a"]);
  expect(of({ a: "b", b: "ac", c: "" })).toEqual(["c", "ab"]);
  expect(of({ a: "a", b: "" })).toEqual(["a", "b"]);
  expect(of({ a: "bd", b: "c", c: "ae", d: "a", e: "" })).toEqual(["e", "abcd"]);
});

test("nodes are together when each leads to the other", () => {
  const size = 7;
  const nodes = Array.from({ length: size }, (_, i) => i);
  const graph = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 12 });
  const property = fc.property(graph, (edges) => {
    const next = (node: number) => edges.flatMap(([from, to]) => (from === node ? [to] : []));
    const found = components(nodes, next);
    expect(found.flat().toSorted((a, b) => a - b)).toEqual(nodes);
    const reached = nodes.map((node) => {
      const all = new Set([node]);
      for (const one of all) for (const other of next(one)) all.add(other);
      return all;
    });
    const place = (node: number) => found.findIndex((group) => group.includes(node));
    for (const a of nodes)
      for (const b of nodes) {
        const [isThere, isBack] = [reached[a]!.has(b), reached[b]!.has(a)];
        expect(place(a) === place(b)).toBe(isThere && isBack);
        if (isThere) expect(place(b)).toBeLessThanOrEqual(place(a));
      }
  });
  fc.assert(property);
});
