import { expect, test } from "vitest";
import { masked } from "../../../support/mask.ts";

/** Hashes of `pw0` that the libraries of each scheme made, and what of them stays. */
const HASHES: readonly (readonly [hash: string, stays: RegExp])[] = [
  [
    "$2b$04$abcdefghijklmnopqrstuuQ.6zXD5pYphuXFTEohD9RIbp/ICwJQy",
    /^\$2b\$04\$.{21}[.Oeu].{30}[.CGKOSWaeimquy26]$/,
  ],
  [
    "bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuuQ.6zXD5pYphuXFTEohD9RIbp/ICwJQy",
    /^bcrypt_sha256\$\$2b\$12\$/,
  ],
  [
    "$argon2id$v=19$m=8,t=1,p=1$8VX2YTfFijkL9HfRo/LaIg$T9B8cRAKOK6PIp1h03DwEgckZLeJjfMTHb8Sesh0McM",
    /^\$argon2id\$v=19\$m=8,t=1,p=1\$/,
  ],
  [
    "argon2$argon2id$v=19$m=102400,t=2,p=8$QTJNZUpXWHhKTzB6WXo1Rmd4akZHNw$S/7olhDYucEYvd+sg4ZlIUVlS8GssdKgLrecUowTB68",
    /^argon2\$argon2id\$v=19\$m=102400,t=2,p=8\$/,
  ],
  [
    "$scrypt$ln=4,r=8,p=1$9Z4TotTaO4eQkpKydq6Vkg$pAVNQis9T9XUDidsHl0aWNFArL25e/QMl3llpBdvX4U",
    /^\$scrypt\$ln=4,r=8,p=1\$/,
  ],
  [
    "scrypt$16384$GHuFAubW59F5GXIyULXL71$8$5$rM9Df7aRueccIo43DFiPWnP7YylHPcEI3uwRCnsOCbnfaadm7QxZ7Cxt0M/DlMRjqNpi1wA4JaeKOCwGbcjiww==",
    /^scrypt\$16384\$\w{22}\$8\$5\$[^=]{86}==$/,
  ],
  [
    "scrypt:1024:8:1$qb02vwFxAcmmcdkq$27b53b72f6d2194c960cc198a5fb5b8053bc90591da6aac6c0c71731ce69b57c9bfcd2b6951c927a76ade633faf22d236af228ee9756c4d63cd65fd450a15ba8",
    /^scrypt:1024:8:1\$/,
  ],
  [
    "pbkdf2_sha256$1000000$8qfQBvblYU7NZXXjroNU9J$v9LxKwM8ipXOsemqPXKFA3ZHYThHIDqO4fOWlvMLpTw=",
    /^pbkdf2_sha256\$1000000\$\w{22}\$[^=]{43}=$/,
  ],
  ["pbkdf2_sha1$1000000$saDhn7lgO8aMKykqnpVIUQ$nPor/sMYyEfOMpix8PcEoyu2s08=", /^pbkdf2_sha1\$1000000\$/],
  [
    "$pbkdf2-sha512$10$nVPKmZMSAqDUmnNOqdXaWw$vg2.OdKNZsIlLL/Z0xXuoATnRUwvOemvFEhwQomf7Mqdk6m110CoIhlAPPG1sbmVtKEFNimqVaDdETcmqzaIKg",
    /^\$pbkdf2-sha512\$10\$[^+]*$/,
  ],
  [
    "pbkdf2:sha256:10$4txAPzJCg8vwbB2b$7ffb91a88a1004f4ce1d8d87e2e43c0a98ebf8c03965bd51eb40eb84b111078d",
    /^pbkdf2:sha256:10\$\w{16}\$[0-9a-f]{64}$/,
  ],
  [
    "$6$rounds=5000$saltsalt$es2tpNEjqh/TsyinMYiCfsdM81EznLWGHznTUi/COzjs9ZYznx6.M9nF6InJWsCqbCeflrf8zYOHnQtPSD.h81",
    /^\$6\$rounds=5000\$.{8}\$.{85}[./01]$/,
  ],
  ["$5$saltsalt$rqbF8g3Lx2eK1n5rJQqf0cZ9V5tYQb8mX7hU4wS3dA9", /^\$5\$.{8}\$.{42}[./0-9A-D]$/],
  ["$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/", /^\$1\$.{8}\$.{21}[./01]$/],
  ["5f4dcc3b5aa765d61d8327deb882cf99", /^[0-9a-f]{32}$/],
  ["!twn0TI9wz5vOe7eya6WMZdWH6mUjgySGkUHLHKuG", /^!\w{40}$/],
];

test.each(HASHES)("%s becomes one of the same scheme with another salt and digest", async (hash, stays) => {
  const [other, again] = await masked("password-hash", [hash, hash]);
  expect(other).toMatch(stays);
  expect(other).toHaveLength(hash.length);
  expect(other).toBe(again);
  const parts = (text: string) =>
    text.split("$").filter((part) => part.length > 15 && !/[=:][^=]/.test(part));
  for (const part of parts(hash)) expect(other).not.toContain(part);
});

test.each([
  "a password",
  "",
  "$2b$99$abc",
  "$6$",
  "scrypt$x",
  "AQAAAAEAACcQAAAAEJ",
  "ABCDEF0123456789ABCDEF0123456789",
])("%j, of no known scheme, becomes one as of bcrypt", async (text) => {
  expect((await masked("password-hash", [text]))[0]).toMatch(/^\$2b\$12\$[./A-Za-z0-9]{53}$/);
});
