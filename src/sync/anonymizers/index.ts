import type { Anonymizer } from "../anonymizer.ts";
import { birthYear } from "./birth-year.ts";
import { bucket } from "./bucket.ts";
import { city } from "./city.ts";
import { company } from "./company.ts";
import { coordinates } from "./coordinates.ts";
import { country } from "./country.ts";
import { creditCard } from "./credit-card.ts";
import { dateShift } from "./date-shift.ts";
import { email } from "./email.ts";
import { firstName } from "./first-name.ts";
import { fullName } from "./full-name.ts";
import { iban } from "./iban.ts";
import { integer } from "./integer.ts";
import { keep } from "./keep.ts";
import { lastName } from "./last-name.ts";
import { nationalId } from "./national-id.ts";
import { noise } from "./noise.ts";
import { nullAnonymizer } from "./null.ts";
import { phone } from "./phone.ts";
import { postalCode } from "./postal-code.ts";
import { street } from "./street.ts";

/** Every anonymizer, in the order of their names. */
// oxlint-disable-next-line typescript/no-explicit-any -- options differ per entry
export const ANONYMIZERS: readonly Anonymizer<any>[] = [
  birthYear,
  bucket,
  city,
  company,
  coordinates,
  country,
  creditCard,
  dateShift,
  email,
  firstName,
  fullName,
  iban,
  integer,
  keep,
  lastName,
  nationalId,
  noise,
  nullAnonymizer,
  phone,
  postalCode,
  street,
];
