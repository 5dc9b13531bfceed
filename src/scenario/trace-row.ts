// The rows of a trace file, as data: a header, one row per event, an end. docs/trace-format.md
// describes them for other programs; where the bytes go is the business of files/.
import type { Op } from '../history/op.js';
import type { Plain } from '../kernel/plain.js';
import type { Edit } from '../sim/edit.js';
import type { Step } from '../sim/step.js';
import { writeEdit } from './edits.js';
import type { EditFile, ScenarioFile } from './schema.js';
import { engineVersion } from './version.js';

/** The version of the format; readers refuse newer ones. */
export const traceFormat = 1;

/** The first row: all that is needed to run it again. */
export interface HeaderRow {
  readonly type: 'header';
  /** The engine version. Another engine gives other events. */
  readonly stormglass: string;
  readonly format: number;
  readonly scenario: ScenarioFile;
  readonly seed: string;
  /** Beside those of the scenario. */
  readonly edits: readonly EditFile[];
}

/** One event: a step with what happened laid flat. */
export interface EventRow {
  readonly type: 'event';
  readonly index: number;
  readonly atUs: number;
  readonly key: string;
  readonly cause: number;
  readonly kind: string;
  readonly node?: string;
  readonly digest: string;
  readonly [field: string]: unknown;
}

/** The last row; a trace without it is not complete. */
export interface EndRow {
  readonly type: 'end';
  readonly events: number;
  readonly digest: string;
  readonly verdict: boolean | 'unknown';
}

export type TraceRow = HeaderRow | EventRow | EndRow;

/** The header of a run's trace. */
export function headerRow(scenario: ScenarioFile, seed: string, edits: readonly Edit[]): HeaderRow {
  return {
    type: 'header',
    stormglass: engineVersion,
    format: traceFormat,
    scenario,
    seed,
    edits: edits.map(writeEdit),
  };
}

/**
 * Makes the rows of a run, in order. Operations that an event invoked or completed, the lines that
 * `history` grew by, stand in its row. Rows share parts with the steps.
 */
export function rowMaker(history: () => readonly Op[]): (step: Step) => EventRow {
  let known = 0;
  return ({ index, atUs, key, cause, happening, effects, crash, digest }) => {
    const ops = history().slice(known);
    known += ops.length;
    return {
      type: 'event',
      ...{ index, atUs, key, cause },
      ...happening,
      ...(ops.length > 0 && { ops }),
      effects,
      ...(crash !== undefined && { crash }),
      digest, // Last, so that a reader who skims finds it at the end of the line.
    };
  };
}

/** The line of a row. Plain data that JSON lacks is written as a map with one `$` key. */
export function lineOf(row: TraceRow): string {
  return `${JSON.stringify(isJson(row) ? row : jsonOf(row))}\n`;
}

/** Whether JSON can say all of it; cheaper than rewriting what needs no rewriting. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isJson(item));
  if (value instanceof Map || value instanceof Set) return false;
  return Object.values(value).every(isJson);
}

/** Maps become `{$map: [[key, value] …]}`, sets `{$set: […]}`, NaN and such `{$number: 'NaN'}`. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'number' && !isJson(value)) {
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item) => (item === undefined ? { $undefined: true } : jsonOf(item)));
  }
  if (value instanceof Map) {
    return { $map: [...value].map(([key, inner]) => [jsonOf(key), jsonOf(inner)]) };
  }
  if (value instanceof Set) return { $set: [...value].map(jsonOf) };
  const entries = Object.entries(value as Readonly<Record<string, Plain>>);
  return Object.fromEntries(entries.map(([key, inner]) => [key, jsonOf(inner)]));
}
