import type { Anonymizer } from "../anonymizer.ts";
import { choice } from "./choice.ts";
import { constant } from "./constant.ts";
import { email } from "./email.ts";
import { fileName } from "./file-name.ts";
import { hash } from "./hash.ts";
import { ip } from "./ip.ts";
import { json } from "./json.ts";
import { keep } from "./keep.ts";
import { mac } from "./mac.ts";
import { nullAnonymizer } from "./null.ts";
import { passwordHash } from "./password-hash.ts";
import { pattern } from "./pattern.ts";
import { phone } from "./phone.ts";
import { redact } from "./redact.ts";
import { sql } from "./sql.ts";
import { text } from "./text.ts";
import { token } from "./token.ts";
import { url } from "./url.ts";
import { username } from "./username.ts";
import { uuid } from "./uuid.ts";

/** Every anonymizer, in the order of their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- options differ per entry
export const ANONYMIZERS: readonly Anonymizer<any>[] = [
  choice,
  constant,
  email,
  fileName,
  hash,
  ip,
  json,
  keep,
  mac,
  nullAnonymizer,
  passwordHash,
  pattern,
  phone,
  redact,
  sql,
  text,
  token,
  url,
  username,
  uuid,
];
