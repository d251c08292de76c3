import type { ConfitureError } from "../../base/errors.ts";

const BETWEEN = (what: string) =>
  `select confiture.save_and_drop_dependent_views(array['${what}']); …; select confiture.recreate_saved_views();`;

const TABLE =
  "Views depend on it. Put the change between the two calls that drop them and bring them back with all they had: " +
  `${BETWEEN("schema.table")} (\`confiture install-helpers\`, where \`up\` does not install them).`;

const VIEW =
  "CREATE OR REPLACE VIEW can only add columns at the end. Drop the view and create it anew, and keep those that depend on it: " +
  BETWEEN("schema.view");

/**
 * The same error with the view helpers as the remedy, when the server refused a change because of a view.
 * Where it says that in another language than English, only what it does not translate is recognised.
 */
export function viewColumnHint(error: ConfitureError): ConfitureError {
  const { sqlstate, detail, statement_kind: kind } = error.context.details ?? {};
  const names = typeof detail === "string" ? detail : "";
  switch (sqlstate) {
    case "42P16": // invalid_table_definition
      return kind === "ViewStmt" || /view column|columns from view/.test(error.message)
        ? hinted(error, VIEW)
        : error;
    case "0A000": // feature_not_supported: ALTER TYPE of a column that a view uses
      return names.includes("_RETURN") ? hinted(error, TABLE) : error;
    case "2BP01": // dependent_objects_still_exist
      return /\bview \S+ depends on /.test(names) ? hinted(error, TABLE) : error;
    default:
      return error;
  }
}

const hinted = (error: ConfitureError, actionable: string): ConfitureError => error.with({ actionable });
