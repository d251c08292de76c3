import type { MigrationClient } from "./migration-client.ts";
import type { PreconditionInput } from "../preconditions/precondition-types.ts";

/** What a migration module exports: by name, as one default object, or as members of a default class. */
export interface MigrationModule {
  /** Where given, it must be the version in the file's name. */
  readonly version?: string;
  /** Where given, it must be the name in the file's name. */
  readonly name?: string;
  /** False runs each statement on its own, outside a transaction; default true. */
  readonly transactional?: boolean;
  readonly requiresSuperuser?: boolean;
  readonly irreversible?: boolean;
  /** The role to run as. */
  readonly runAs?: string;
  readonly lockTimeoutMs?: number;
  /** All of them must hold before `up` is run. */
  readonly upPreconditions?: readonly PreconditionInput[];
  readonly downPreconditions?: readonly PreconditionInput[];
  up(db: MigrationClient): unknown;
  /** Without it there is no way back. */
  down?(db: MigrationClient): unknown;
}

/** Types for a module that exports one default object; gives it back unchanged. */
export const defineMigration = (migration: MigrationModule): MigrationModule => migration;
