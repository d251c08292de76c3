import type { Pitfall } from "./pitfalls.ts";

/** What cannot happen where several agents work on one schema. */
export const AGENT_PITFALLS: readonly Pitfall[] = [
  {
    guarantee:
      "A call of the MCP server is whole: what it wrote is committed, its failure is its own result, and the next call works.",
    tests: {
      "cli/mcp": [
        "migrate_up and migrate_down do what a plan said, each once",
        "a session killed in a call is that call's error, and the next works; so after any other error",
        "a call that the client gives up is cancelled on the server",
      ],
      "cli/mcp-http": ["a client that hangs up ends its call on the server"],
    },
  },
  {
    guarantee:
      "The MCP server writes only when it was let, only what was shown, and for nobody who was not let in.",
    tests: {
      "unit/mcp/tools": [
        "without --allow-write no tool that writes is listed, and none answers to its name",
        "no tool takes a path or a connection string",
        "all tools together cost a model less than 2,000 tokens",
      ],
      "cli/mcp": [
        "the sessions of reading tools cannot write, whatever the functions do that they call",
        "a plan is refused when files, the ledger or the database are others now, and nothing runs",
        "no value of a row goes out with an error",
      ],
      "cli/mcp-http": [
        "on this machine without a token: only names and pages of this machine are let in",
        "with a token nobody is let in without it, whatever name is called",
      ],
    },
  },
  {
    guarantee:
      "A sandbox outlives the server's stop, and goes with its time; no two have one name, and no other database is dropped for one.",
    tests: {
      "pg/coordinate/sandbox/sandboxes": [
        "the server runs on for whoever has the string, and a sandbox outlives its stop",
        "one whose time is over goes when any command opens the server; others stay",
        "a database whose comment is not that of a sandbox is nobody's to drop",
        "two at once with one long intent have two names",
      ],
    },
  },
];
