import { readConnectionString } from "../pg/connection-string.ts";

/** The same server, another database; understands both forms of a connection string. */
export function withDatabase(url: string, database: string): string {
  const parts = /^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?(?:\?(.*))?$/s.exec(url);
  if (parts === null) return `${url} dbname='${database.replace(/[\\']/g, "\\$&")}'`; // the last one counts
  const [, server = "", query = ""] = parts;
  const kept = query.split("&").filter((pair) => pair !== "" && !pair.startsWith("dbname="));
  return `${server}/${encodeURIComponent(database)}${kept.length === 0 ? "" : `?${kept.join("&")}`}`;
}

/**
 * A connection string as a URL without its passwords, which other programs understand too; they find the password
 * where libpq does. Throws CONFIG_003.
 */
export function shownUrl(text: string): string {
  const {
    user,
    dbname,
    host,
    port,
    password: _,
    sslpassword: __,
    ...rest
  } = Object.fromEntries(readConnectionString(text));
  const isOneName = host !== undefined && /^[\w.-]+$/.test(host) && !(port ?? "").includes(",");
  const more = isOneName ? rest : { ...(host && { host }), ...(port && { port }), ...rest };
  const query = Object.entries(more).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [
    "postgresql://",
    user === undefined ? "" : `${encodeURIComponent(user)}@`,
    isOneName ? `${host}${port ? `:${port}` : ""}` : "",
    dbname === undefined ? "" : `/${encodeURIComponent(dbname)}`,
    query.length === 0 ? "" : `?${query.join("&")}`,
  ].join("");
}
