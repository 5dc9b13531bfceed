// Plain data that JSON lacks, on its way between two served nodes: maps, sets, odd numbers. They
// are written as a trace writes them, `{$map: [[key, value] …]}`, and read back here.
import { isRecord } from '../../kernel/plain.js';

/** Undoes `jsonOf` of the trace's rows. */
export function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revived);
  if (!isRecord(value)) return value;
  const { $map, $set, $number, $undefined } = value;
  if (Array.isArray($map)) return new Map(revived($map) as [unknown, unknown][]);
  if (Array.isArray($set)) return new Set(revived($set) as unknown[]);
  if (typeof $number === 'string' && !Number.isInteger(Number($number))) return Number($number);
  if ($undefined === true) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]));
}
