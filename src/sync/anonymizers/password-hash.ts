import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { requireRoom } from "../values/drawn-text.ts";
import { MODEL_LENGTH, otherHash } from "../values/password-schemes.ts";

export const passwordHash = defineAnonymizer({
  name: "password-hash",
  summary: "A hash of the same scheme with which nobody can log in, or one as of bcrypt for other text",
  options: z.strictObject({}),
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "collision-free",
  prepare(_options, column) {
    requireRoom("a password's hash", MODEL_LENGTH, column);
    return { mask: otherHash };
  },
  recognises: {
    name: /pass_?(?:word|wd|phrase)(?:_?(?:hash|digest))?|(?:^|_)pwd(?:_|$)|pass_?hash|passwort|kennwort|mot_de_passe|contrasena/,
    value:
      /^(?:\$(?:2[abxy]?|argon2(?:id|i|d)|5|6|scrypt|pbkdf2-sha\d{3})\$|pbkdf2_sha\d{1,3}\$)[\w$./=,+]{20,250}$/,
  },
  example: {
    options: {},
    type: "text",
    values: [
      "$2b$12$WApznUPhDubN0oeveSXHp.Rk0rMFnQF6O0vYBtbHjTzGkOyvbnCW6",
      "pbkdf2_sha256$870000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=",
      "correct horse battery staple",
    ],
  },
});
