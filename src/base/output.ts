import * as z from "zod";

/** A JSON document the tool prints and promises to keep: its name, version and shape. */
export interface Output<T extends z.ZodType = z.ZodType> {
  readonly id: string;
  readonly version: number;
  readonly schema: T;
}

export const defineOutput = <T extends z.ZodType>(id: string, version: number, schema: T): Output<T> => ({
  id,
  version,
  schema,
});

/** The published form, as it stands in `schemas/`. */
export const toJsonSchema = (output: Output): object => ({
  $id: `${output.id}.v${output.version}`,
  ...z.toJSONSchema(output.schema, { target: "draft-2020-12" }),
});
