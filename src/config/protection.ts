import { ConfitureError } from "../base/errors.ts";
import type { Settings } from "./environment.ts";

/** Refuse to destroy what the config file protects: CONFIG_008. `action` is what was asked for. */
export function requireUnprotected({ protected: isProtected, file }: Settings, action: string): void {
  if (!isProtected) return;
  throw new ConfitureError("CONFIG_008", `${action} is refused: ${file} says protected: true`, {
    file,
    actionable: "Take `protected: true` out of the file for as long as that is really meant.",
  });
}
