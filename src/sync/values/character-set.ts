import * as z from "zod";

/** An option: characters of ASCII and ranges such as `a-z`; a hyphen at the end is itself. Gives every character once. */
export const characterSet = z
  .string()
  .regex(/^[!-~]+$/, "characters of ASCII without blanks, or ranges of them such as a-z")
  .transform((text, context) => {
    const characters = new Set<string>();
    for (const [, from, to = from] of text.matchAll(/(.)(?:-(.))?/g)) {
      const [first, last] = [from!.charCodeAt(0), to!.charCodeAt(0)];
      for (let code = first; code <= last; code++) characters.add(String.fromCharCode(code));
      if (first > last) context.addIssue({ code: "custom", message: `${from}-${to} runs backwards` });
    }
    if (characters.size < 2) context.addIssue({ code: "custom", message: "two characters at least" });
    return [...characters].join("");
  });
