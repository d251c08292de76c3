import type { Anonymizer } from "../anonymizer.ts";
import { birthYear } from "./birth-year.ts";
import { bucket } from "./bucket.ts";
import { choice } from "./choice.ts";
import { city } from "./city.ts";
import { company } from "./company.ts";
import { constant } from "./constant.ts";
import { coordinates } from "./coordinates.ts";
import { country } from "./country.ts";
import { creditCard } from "./credit-card.ts";
import { dateShift } from "./date-shift.ts";
import { email } from "./email.ts";
import { fileName } from "./file-name.ts";
import { firstName } from "./first-name.ts";
import { fullName } from "./full-name.ts";
import { hash } from "./hash.ts";
import { iban } from "./iban.ts";
import { integer } from "./integer.ts";
import { ip } from "./ip.ts";
import { json } from "./json.ts";
import { keep } from "./keep.ts";
import { lastName } from "./last-name.ts";
import { mac } from "./mac.ts";
import { nationalId } from "./national-id.ts";
import { noise } from "./noise.ts";
import { nullAnonymizer } from "./null.ts";
import { passwordHash } from "./password-hash.ts";
import { pattern } from "./pattern.ts";
import { phone } from "./phone.ts";
import { postalCode } from "./postal-code.ts";
import { redact } from "./redact.ts";
import { sql } from "./sql.ts";
import { street } from "./street.ts";
import { text } from "./text.ts";
import { token } from "./token.ts";
import { url } from "./url.ts";
import { username } from "./username.ts";
import { uuid } from "./uuid.ts";

/** Every anonymizer, in the order of their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- options differ per entry
export const ANONYMIZERS: readonly Anonymizer<any>[] = [
  birthYear,
  bucket,
  choice,
  city,
  company,
  constant,
  coordinates,
  country,
  creditCard,
  dateShift,
  email,
  fileName,
  firstName,
  fullName,
  hash,
  iban,
  integer,
  ip,
  json,
  keep,
  lastName,
  mac,
  nationalId,
  noise,
  nullAnonymizer,
  passwordHash,
  pattern,
  phone,
  postalCode,
  redact,
  sql,
  street,
  text,
  token,
  url,
  username,
  uuid,
];

/** What a column has that holds nothing personal. */
export const KEEP: (typeof ANONYMIZERS)[number] = keep;
