import { expect, test } from "vitest";
import { refusalOf, requireToken } from "../../../src/mcp/http-guard.ts";

const TOKEN = "t".repeat(16);

test("an address that others reach needs a token of some length", () => {
  for (const host of ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
    expect(() => requireToken(host, undefined)).not.toThrow();
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "db.example.com", "127.0.0.1.example.com"]) {
    expect(() => requireToken(host, undefined)).toThrow(expect.objectContaining({ code: "MCP_001" }));
    expect(() => requireToken(host, TOKEN)).not.toThrow();
  }
  expect(() => requireToken("127.0.0.1", "short")).toThrow(expect.objectContaining({ code: "MCP_001" }));
});

test.each([
  ["this machine", { host: "127.0.0.1:8765" }, undefined],
  ["this machine by name", { host: "localhost:8765", origin: "http://localhost:3000" }, undefined],
  ["this machine by IPv6", { host: "[::1]:8765" }, undefined],
  ["a name that leads here", { host: "evil.example.com:8765" }, 403],
  ["a page from elsewhere", { host: "127.0.0.1:8765", origin: "https://evil.example.com" }, 403],
  ["a page without an origin", { host: "127.0.0.1:8765", origin: "null" }, 403],
  ["no host", {}, 403],
  ["a name that begins like this machine", { host: "localhost.evil.example.com" }, 403],
])("without a token: %s", (_who, headers, status) => {
  expect(refusalOf(headers, undefined)?.status).toBe(status);
});

test.each([
  ["the token, from anywhere", { host: "db.example.com", authorization: `Bearer ${TOKEN}` }, undefined],
  ["none, on this machine", { host: "127.0.0.1" }, 401],
  ["another", { host: "127.0.0.1", authorization: `Bearer ${TOKEN}x` }, 401],
  ["the token by another scheme", { host: "127.0.0.1", authorization: `Basic ${TOKEN}` }, 401],
])("with a token: %s", (_what, headers, status) => {
  expect(refusalOf(headers, TOKEN)?.status).toBe(status);
});
