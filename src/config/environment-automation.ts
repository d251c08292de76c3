import * as z from "zod";
import { duration } from "./environment-values.ts";

const timeLimit = duration.refine((ms) => ms > 0, "must be more than 0");

const hookKeys = {
  command: z
    .string()
    .min(1)
    .optional()
    .describe("A shell command, run in the project's folder. Write `$NAME` for what is secret."),
  module: z
    .string()
    .regex(/\.m?[jt]s$/, "must be a .mjs, .js, .mts or .ts file")
    .optional()
    .describe("A module, relative to the project, whose default export or `hook` is called."),
  timeout: timeLimit.prefault("60s").describe("How long it may run, in ms or like `30s`."),
};

type HookKeys = z.infer<z.ZodObject<typeof hookKeys>>;

/** Of two ways to say what to run, exactly one. */
function requireOne({ command, module }: HookKeys, context: z.core.$RefinementCtx): void {
  if ((command === undefined) === (module === undefined)) {
    context.addIssue({ code: "custom", message: "must have a command or a module, and not both" });
  }
}

const blocking = z
  .array(
    z
      .strictObject({
        ...hookKeys,
        on_error: z.enum(["abort", "warn"]).default("abort").describe("What a failure does to the run."),
      })
      .superRefine(requireOne),
  )
  .default([]);

const afterCommit = z
  .array(
    z
      .strictObject({
        ...hookKeys,
        on_error: z
          .enum(["warn"])
          .default("warn")
          .describe("What is committed cannot be stopped any more, so a failure is a warning."),
      })
      .superRefine(requireOne),
  )
  .default([]);

/** Which hooks run when; the keys are the points of `migrate/hook.ts`. */
export const hooks = z.strictObject({
  before_run: blocking.describe("Before the first migration of a run."),
  before_migration: blocking.describe("Before each migration, inside its transaction where it has one."),
  after_migration: blocking.describe("After each migration's statements, before its commit."),
  after_migration_commit: afterCommit.describe("After each migration's commit."),
  after_run: blocking.describe(
    "After the last migration, before the run is called done; also when it failed.",
  ),
  after_run_commit: afterCommit.describe("After everything; also when the run failed."),
});

/** Its credentials would be shown by whoever shows the URL; a header is never shown. */
function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, "is not the name of a header");
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must be one line of Latin-1 text");

const webhook = z.strictObject({
  url: z
    .string()
    .refine(isWebhookUrl, "must be an http:// or https:// URL without a user or password in it")
    .describe("Where to post to; never shown but for its host."),
  preset: z.enum(["json", "slack"]).default("json").describe("The form of the message."),
  headers: z.record(headerName, headerValue).default({}).describe("Headers to send along, by name."),
  timeout: timeLimit.prefault("10s").describe("How long one attempt may take, in ms or like `5s`."),
  retries: z.int().min(0).max(10).default(2).describe("Further attempts, after a 5xx, a 429 or no answer."),
});

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  const isBare = (pathname === "" || pathname === "/") && search === "" && hash === "";
  const isWhole = hostname !== "" && (username === "") === (password === "");
  const isEncoded = !/%(?![0-9a-f]{2})/i.test(username + password);
  return (protocol === "smtp:" || protocol === "smtps:") && isBare && isWhole && isEncoded;
}

const mailAddress = z.string().regex(/^[^\r\n]*[^\s@]@[^\s@][^\r\n]*$/, "must be a mail address");

const smtp = z
  .strictObject({
    url: z
      .string()
      .refine(isSmtpUrl, "must be smtp://user:password@host:port or smtps://…, percent-encoded")
      .optional()
      .describe("The mail server in one value: `smtp://user:password@host:port`, or `smtps://…`."),
    host: z.string().min(1).optional().describe("The mail server, instead of `url`."),
    port: z.int().min(1).max(65_535).optional().describe("By default 587, or 465 where `secure` is true."),
    user: z.string().min(1).optional().describe("The login."),
    password: z.string().min(1).optional().describe("Its password."),
    secure: z.boolean().optional().describe("TLS from the first byte; by default true for port 465."),
    from: mailAddress.describe("The sender."),
    to: z
      .array(mailAddress)
      .refine((list) => list.length > 0, "is an empty list")
      .describe("The recipients."),
    timeout: timeLimit.prefault("10s").describe("How long sending may take, in ms or like `5s`."),
  })
  .superRefine(({ url, host, port, user, password, secure }, context) => {
    const problem = (message: string) => context.addIssue({ code: "custom", message });
    if ((url === undefined) === (host === undefined)) problem("must have a url or a host, and not both");
    if (url !== undefined && [port, user, password, secure].some((part) => part !== undefined)) {
      problem("has a url, which says port, user, password and secure already");
    }
    if (url === undefined && (user === undefined) !== (password === undefined)) {
      problem("must have user and password together");
    }
  });

/** Who is told how a run ended. */
export const notifications = z
  .strictObject({
    on: z
      .array(z.enum(["success", "failure", "noop"]))
      .refine((list) => list.length > 0, "is an empty list, so that nobody would ever be told")
      .default(["success", "failure"])
      .describe("Which ends of a run are told; `noop` is one that had nothing to do."),
    webhooks: z.array(webhook).default([]).describe("URLs that get a POST."),
    smtp: smtp.optional().describe("A mail server and who gets a message."),
  })
  .superRefine(({ webhooks, smtp: server }, context) => {
    if (webhooks.length === 0 && server === undefined) {
      context.addIssue({ code: "custom", message: "must have webhooks or smtp" });
    }
  });
