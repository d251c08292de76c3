import { describe, expect, test } from "vitest";
import type { MaskedColumn } from "../../../../src/sync/anonymizer.ts";
import { recogniseInside } from "../../../../src/sync/propose/fit.ts";
import { findingsOf, strongestFirst } from "../../../../src/sync/propose/recognise.ts";
import { TEXT_COLUMN } from "../../../support/mask.ts";

interface Given {
  readonly owner?: string;
  readonly type?: string;
  readonly values?: readonly string[];
  readonly column?: Partial<MaskedColumn>;
}

async function recognised(name: string, { owner = "t", type = "text", values = [], column }: Given = {}) {
  const place = { name, owner, values, column: { ...TEXT_COLUMN, type, sqlType: type, ...column } };
  const { findings, doubts } = await findingsOf(place, recogniseInside);
  const [first] = strongestFirst(findings);
  return { first: first?.anonymizer.name ?? null, evidence: first?.evidence ?? null, doubts };
}

/** Names of columns without values, and what they speak for. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  text: {
    "email emailAddress E-Mail customer_email contact_e_mail courriel": "email",
    "first_name firstName FIRSTNAME givenName middle_name customer_first_name vorname prénom prenom":
      "first-name",
    "last_name surname familyName maiden_name billing_last_name Nachname nom geburtsname nom_de_naissance":
      "last-name",
    "full_name displayName contact_name card_holder_name customerName ansprechpartner nom_complet":
      "full-name",
    "username user_name login nickname screen_name benutzername": "username",
    "phone phone_number mobile home_phone telefon telefon_privat tel fax cell_phone numero_tel handy":
      "phone",
    "address street address_line_1 address2 billing_address home_address straße kunden_strasse adresse anschrift":
      "street",
    "city town billing_city birthplace wohnort ville": "city",
    "zip zip_code postal_code postcode plz code_postal shipping_zip": "postal-code",
    "country country_code nationality pays billing_country": "country",
    "company company_name employer firma entreprise": "company",
    "ssn social_security_number steuer_id passport_no passport_number tax_id nino customer_ssn":
      "national-id",
    "iban bank_account kontonummer customer_iban": "iban",
    "credit_card_number card_number cc_number kreditkarte": "credit-card",
    "password password_hash pwd passwd mot_de_passe passwort": "password-hash",
    "token access_token api_key secret_key session_id reset_token": "token",
    "ip ip_address remote_addr last_login_ip ipv4": "ip",
    "mac mac_address": "mac",
    "website homepage avatar_url": "url",
    "file_name filename attachment": "file-name",
    "notes comment internal_notes description body bio kommentar": "text",
    "diagnosis secret_answer religion sexual_orientation": "redact",
    "license_plate vat_id customer_no kundennummer date_of_birth geburtsdatum hausnummer": "pattern",
    fingerprint: "hash",
  },
  date: {
    "birth_date birthday date_of_birth dob geburtsdatum date_naissance customer_dob": "birth-year",
    "hire_date admission_date date_of_death": "date-shift",
  },
  numeric: {
    "salary base_salary annual_income gehalt": "noise",
    "age age_in_years": "bucket",
    "latitude lng geo_lat": "coordinates",
  },
  int8: { "phone mobile_no ssn telefonnummer": "integer" },
  inet: { "anything seen_from": "ip" },
  macaddr: { anything: "mac" },
  point: { anything: "coordinates" },
  bytea: { "photo avatar staff_picture": "null" },
  uuid: { "device_id tracking_id": "uuid" },
};

describe.each(Object.entries(NAMES))("names of %s", (type, names) => {
  const each = Object.entries(names).flatMap(([list, wanted]) =>
    list.split(" ").map((name) => [name, wanted] as const),
  );
  test.each(each)("%s: %s", async (name, wanted) => {
    expect((await recognised(name, { type })).first).toBe(wanted);
  });
});

test.each([
  ["text", "id title status state sku code color currency slug locale kind category version path label unit"],
  ["text", "product_name name file_path checksum etag mime_type order_number priority"],
  ["int4", "id customer_id address_id city_id email_count phone_count country_id quantity zip_id age_id"],
  ["bool", "email_verified phone_verified is_mobile has_address active"],
  ["timestamptz", "created_at email_sent_at password_changed_at last_login"],
  ["uuid", "id uuid guid user_uuid account_guid"],
  ["numeric", "price total amount tax rate"],
  ["date", "due_date valid_from release_date"],
  ["bytea", "content data"],
])("%s: nothing personal in %s", async (type, names) => {
  for (const name of names.split(" ")) {
    expect({ name, first: (await recognised(name, { type })).first }).toEqual({ name, first: null });
  }
});

test.each([
  ["customers", "name", "full-name"],
  ["user", "Name", "full-name"],
  ["crm_contacts", "name", "full-name"],
  ["kunden", "name", "full-name"],
  ["suppliers", "name", "company"],
  ["products", "name", null],
  ["countries", "name", null],
  ["email_templates", "subject", null],
])("the table says what %s.%s is: %s", async (owner, name, wanted) => {
  expect((await recognised(name, { owner })).first).toBe(wanted);
});

test.each([
  ["email", ["ada@lovelace.org", "bob@x.io", "eve@müller.de"]],
  ["phone", ["+44 20 7946 0958", "(555) 010-9999", "030 1234567", "555-010-9999"]],
  ["iban", ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"]],
  ["credit-card", ["4111 1111 1111 1111", "378282246310005"]],
  ["ip", ["192.0.2.17", "2001:db8::7"]],
  ["mac", ["00:1b:44:11:3a:b7"]],
  ["national-id", ["536-90-4399", "219-09-9999"]],
  ["password-hash", ["$2b$12$WApznUPhDubN0oeveSXHp.Rk0rMFnQF6O0vYBtbHjTzGkOyvbnCW6"]],
  ["token", ["ghp_abcdefghijklmnopqrstuvwxyz0123456789"]],
  ["url", ["https://ada.example.org/notes"]],
  ["street", ["12 High Street", "Hauptstraße 5"]],
])("values alone: %s", async (wanted, values) => {
  expect(await recognised("x", { values })).toEqual({ first: wanted, evidence: "content", doubts: [] });
  const mixed = [...values, ...values.flatMap((_, i) => [`other ${i}`])];
  expect((await recognised("x", { values: mixed })).first).toBeNull();
});

test.each([
  ["dates", ["2024-01-31", "2024-02-01", "1999-12-31"]],
  ["numbers", ["10000123", "10000124", "4111111111111112"]],
  ["prices", ["1 000.00", "12.50"]],
  ["versions", ["1.2.3", "10.0.1"]],
  ["uuids", ["6fa459ea-ee8a-3ca4-894e-db77e160355e"]],
  ["article numbers", ["AB12CDEFGHIJKLMNOP", "DE00123456789012345678"]],
])("values alone: no %s", async (_, values) => {
  expect((await recognised("x", { values })).first).toBeNull();
});

test("values count for more than a name, and speak against it", async () => {
  const emails = ["ada@lovelace.org", "bob@x.io"];
  expect((await recognised("username", { values: emails })).first).toBe("email");
  expect(await recognised("email_template", { values: ["welcome", "goodbye"] })).toEqual({
    first: null,
    evidence: null,
    doubts: ["its name looks like email, but 100 % of 2 value(s) do not"],
  });
  expect((await recognised("mobile", { values: ["ios", "android"] })).first).toBeNull();
  expect((await recognised("post", { values: ["A text about something else, in 2024"] })).first).toBeNull();
});

test("the longer match wins, and a whole name before its end", async () => {
  expect((await recognised("phone_country_code")).first).toBe("country");
  expect((await recognised("ip_address")).first).toBe("ip");
  expect((await recognised("email_address")).first).toBe("email");
});

test("free text is one when something is found inside of it", async () => {
  const found = ["Please call", "mail to ada@lovelace.org or 030 1234567"];
  expect((await recognised("notes", { values: found })).first).toBe("text");
  expect(await recognised("notes", { values: ["Please call", "Later"] })).toMatchObject({
    first: null,
    doubts: [expect.stringContaining("names are not looked for")],
  });
  const long = `${"words and words ".repeat(5)} bob@x.io`;
  expect((await recognised("x", { values: [long] })).first).toBe("text");
  expect((await recognised("x", { values: ["see bob@x.io"] })).first).toBeNull();
});
