import type { Connection } from "../../pg/connection.ts";
import type { Anonymizer } from "../anonymizer.ts";
import type { Inside, Place } from "../recognises.ts";
import { maskedColumn } from "../treatment.ts";
import { type Finding, findingsOf, tells } from "./recognise.ts";
import { type Fitting, fittingOf, recogniseInside } from "./fit.ts";
import { sampleValues } from "./sample.ts";
import { type Member, type Subject } from "./subjects.ts";

/** What is proposed for a subject. */
export interface Decision {
  readonly subject: Subject;
  readonly anonymizer: Anonymizer;
  readonly options: object;
  /** What the columns look like; another anonymizer may stand in for them. Null where they look like nothing. */
  readonly recognised: Anonymizer | null;
  readonly domain: string | null;
  readonly inside: Inside | null;
  /** How many values look like it; null where none were looked at. */
  readonly matched: number | null;
  /** Values that differ that were looked at. */
  readonly values: readonly string[];
  /** For a person, in this order; none repeats a value. */
  readonly reasons: readonly string[];
}

/** Decide what stands in for each subject by itself. */
export async function decide(db: Connection, subjects: readonly Subject[]): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const subject of subjects) decisions.push(await decideOne(db, subject));
  return decisions;
}

async function decideOne(db: Connection, subject: Subject): Promise<Decision> {
  const { home, members } = subject;
  const doubts: string[] = [];
  const findings: Finding[] = [];
  const values = new Set<string>();
  for (const member of [home, ...members.filter((one) => one !== home)]) {
    const sampled = await sampleOf(db, member);
    for (const value of sampled) values.add(value);
    const found = await findingsOf(placeOf(member, sampled), recogniseInside);
    doubts.push(...found.doubts);
    findings.push(...found.findings);
  }
  const fitting = await fittingOf(findings, members);
  return {
    subject,
    anonymizer: fitting.anonymizer,
    options: fitting.options,
    recognised: fitting.finding?.anonymizer ?? null,
    domain: null,
    inside: fitting.finding?.inside ?? null,
    matched: fitting.finding?.matched ?? null,
    values: [...values],
    reasons: reasonsOf(fitting, { subject, doubts, count: values.size }),
  };
}

const sampleOf = async (db: Connection, { from, column }: Member): Promise<string[]> =>
  tells(column.baseType) ? sampleValues(db, from, column) : [];

const placeOf = ({ from, column }: Member, values: readonly string[]): Place => ({
  name: column.name,
  owner: from.name,
  column: maskedColumn(column, [column]),
  values,
});

interface Looked {
  readonly subject: Subject;
  readonly doubts: readonly string[];
  readonly count: number;
}

function reasonsOf({ finding, anonymizer, options, notes }: Fitting, looked: Looked): string[] {
  const { subject, doubts, count } = looked;
  if (finding === null) {
    const why = [...doubts, ...notes];
    return why.length > 0 ? why : [impersonal(subject.home, count)];
  }
  const { whenUnique = {} } = anonymizer;
  const isApart = Object.keys(whenUnique).some((key) => key in options);
  return [
    finding.reason,
    ...(anonymizer === finding.anonymizer ? [] : notes),
    ...(isApart ? ["its values must stay apart"] : []),
  ];
}

function impersonal({ column }: Member, count: number): string {
  if (!tells(column.baseType)) return "neither name nor type looks personal";
  if (count === 0) return "its name does not look personal, and there are no values to look at";
  return `neither name nor ${count} value(s) look personal`;
}
