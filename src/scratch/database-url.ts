/** The same server, another database; understands both forms of a connection string. */
export function withDatabase(url: string, database: string): string {
  const parts = /^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?(?:\?(.*))?$/s.exec(url);
  if (parts === null) return `${url} dbname='${database.replace(/[\\']/g, "\\$&")}'`; // the last one counts
  const [, server = "", query = ""] = parts;
  const kept = query.split("&").filter((pair) => pair !== "" && !pair.startsWith("dbname="));
  return `${server}/${encodeURIComponent(database)}${kept.length === 0 ? "" : `?${kept.join("&")}`}`;
}
