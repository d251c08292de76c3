/**
 * The name under which an unknown `.sql` file would be a migration, when its own looks like one: it begins with a
 * number and says nothing else about its role. Assertions, rollbacks and anything with a further dot have none.
 */
export function properName(file: string): string | undefined {
  const stem = /^(v?\d[^_.]*_[^.]+?)(?:\.up)?\.sql$/i.exec(file)?.[1];
  return stem === undefined ? undefined : `${stem}.up.sql`;
}
