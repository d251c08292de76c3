// `confiture --version` against `node -e 0`.
import { compare, report, wall } from "./measure.mjs";

const cli = new URL("../dist/bin/confiture.js", import.meta.url).pathname;
const times = await compare(
  () => wall(process.execPath, [cli, "--version"]),
  () => wall(process.execPath, ["-e", "0"]),
  31,
);
report("confiture --version", times, "node -e 0", 1.5);
