import type { Log } from "../../base/log.ts";
import type {
  MailServer,
  NotificationOutcome,
  NotificationsConfig,
  RunEnd,
  RunSummary,
  Webhook,
} from "./notification.ts";
import { bodyOf, subjectOf, textOf } from "./notification-message.ts";
import { type Delivery, postWebhook } from "./webhook.ts";

export interface NotificationOptions extends Delivery {
  readonly log: Log;
}

/**
 * Tell everybody the config names how a run ended; empty when nobody wants to know of that end. Never throws:
 * a message that cannot be delivered is warned of and answered, with no more of its target than scheme and host.
 */
export async function sendNotifications(
  config: NotificationsConfig | undefined,
  summary: RunSummary,
  options: NotificationOptions,
): Promise<NotificationOutcome[]> {
  if (config === undefined || !config.on.includes(endOf(summary))) return [];
  const webhooks = config.webhooks.map((webhook) =>
    outcomeOf("webhook", webhookTarget(webhook), () =>
      postWebhook(webhook, bodyOf[webhook.preset](summary), options),
    ),
  );
  const mails = (config.smtp === undefined ? [] : [config.smtp]).map((server) =>
    outcomeOf("smtp", mailTarget(server), async () => {
      const { sendMail } = await import("./mail.ts");
      return sendMail(server, { subject: subjectOf(summary), text: textOf(summary) });
    }),
  );
  const outcomes = await Promise.all([...webhooks, ...mails]);
  for (const { channel, target, error } of outcomes) {
    if (error !== null) options.log.warn(`the notification was not sent: ${channel} ${target} ${error}`);
  }
  return outcomes;
}

const endOf = ({ success, applied }: RunSummary): RunEnd => {
  if (!success) return "failure";
  return applied.length === 0 ? "noop" : "success";
};

/** As much of a webhook as may be shown. */
export function webhookTarget({ url }: Webhook): string {
  if (!URL.canParse(url)) return "a malformed URL";
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** As much of a mail server as may be shown. */
export const mailTarget = ({ secure, host, port }: MailServer): string =>
  `${secure ? "smtps" : "smtp"}://${host}:${port}`;

async function outcomeOf(
  channel: NotificationOutcome["channel"],
  target: string,
  send: () => Promise<string | null>,
): Promise<NotificationOutcome> {
  // What a library throws may quote anything, so none of it is told.
  const error = await send().catch(() => "failed for a reason that is not known");
  return { channel, target, ok: error === null, error };
}
