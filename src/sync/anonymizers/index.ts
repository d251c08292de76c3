import type { Anonymizer } from "../anonymizer.ts";
import { city } from "./city.ts";
import { company } from "./company.ts";
import { country } from "./country.ts";
import { email } from "./email.ts";
import { firstName } from "./first-name.ts";
import { fullName } from "./full-name.ts";
import { keep } from "./keep.ts";
import { lastName } from "./last-name.ts";
import { nullAnonymizer } from "./null.ts";
import { phone } from "./phone.ts";
import { postalCode } from "./postal-code.ts";
import { street } from "./street.ts";

/** Every anonymizer, in the order of their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- options differ per entry
export const ANONYMIZERS: readonly Anonymizer<any>[] = [
  city,
  company,
  country,
  email,
  firstName,
  fullName,
  keep,
  lastName,
  nullAnonymizer,
  phone,
  postalCode,
  street,
];

/** What a column has that holds nothing personal. */
export const KEEP: (typeof ANONYMIZERS)[number] = keep;
