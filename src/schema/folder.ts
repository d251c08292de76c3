/** Folders of an exported schema with their numbers: what others are made of first. */
export const FOLDERS = {
  schemas: 10,
  extensions: 15,
  types: 20,
  sequences: 25,
  functions: 30,
  aggregates: 32,
  operators: 34,
  languages: 36,
  text_search: 38,
  foreign_servers: 39,
  tables: 40,
  foreign_keys: 60,
  views: 70,
  rules: 75,
  triggers: 80,
  policies: 85,
  publications: 90,
  // They do something to whatever is made after them.
  default_privileges: 900,
  event_triggers: 910,
} as const;

export type Folder = keyof typeof FOLDERS;

/** Whether what it holds comes after everything else. */
export const isLast = (folder: Folder): boolean => FOLDERS[folder] >= FOLDERS.default_privileges;
