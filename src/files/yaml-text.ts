// YAML as data, with the way back from a value to its place in the text. It knows nothing of
// scenarios. Syntax errors, duplicate keys and unknown tags become problems.
import { createRequire } from 'node:module';
import type { Document, LineCounter } from 'yaml';
import type { Path, Place, Problem } from '../scenario/usage-error.js';

// CommonJS through `import` costs another 15 ms at every start: its exports are looked for first.
const { isMap, isNode, isScalar, isSeq, ...yaml } = createRequire(import.meta.url)(
  'yaml',
) as typeof import('yaml');

/** A text that has been parsed. */
export interface YamlText {
  /** Plain data; `undefined` if there are problems. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where a value, or its key, stands; the nearest value around it if it does not exist. */
  place(path: Path, target: 'key' | 'value'): Place;
}

/** Lines shown before and after the one in question. */
const linesBefore = 2;
const linesAfter = 1;

/** A line is cut here in messages. */
const lineLengthMax = 160;

/** Parses a text that holds one document. */
export function parseYaml(text: string): YamlText {
  const counter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lines = text.split(/\r?\n/);
  const placeOf = (from: number, to: number): Place => placeAt(lines, counter, from, to);
  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    const place = placeOf(error.pos[0], error.pos[1]);
    const about = sentences.get(error.code) ?? error.message.replace(/\.$/, '');
    return { about: lower(about), path: [], target: 'value', place };
  });
  return {
    ...dataOf(document, problems),
    place: (path, target) => {
      const [from, to] = rangeOf(document, path, target);
      return placeOf(from, to);
    },
  };
}

/** Plain data as YAML. */
export function formatYaml(value: unknown): string {
  return yaml.stringify(value, { lineWidth: 100, flowCollectionPadding: false });
}

/** What the parser calls by names that only its authors know. */
const sentences: ReadonlyMap<string, string> = new Map([
  ['DUPLICATE_KEY', 'this field is there twice'],
  ['MULTIPLE_DOCS', 'the file holds more than one document'],
  ['TAB_AS_INDENT', 'a tab indents this line; YAML wants spaces'],
  ['BAD_ALIAS', 'this refers to an anchor that does not exist'],
]);

function lower(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function dataOf(document: Document.Parsed, problems: readonly Problem[]) {
  if (problems.length > 0) return { value: undefined, problems };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, problems };
  } catch (error) {
    const about = lower(error instanceof Error ? error.message : String(error));
    return { value: undefined, problems: [{ about, path: [], target: 'value' as const }] };
  }
}

type Range = readonly [from: number, to: number];

/** The characters of a value or key; for what does not exist, those of what should hold it. */
function rangeOf(document: Document.Parsed, path: Path, target: 'key' | 'value'): Range {
  let node: unknown = document.contents;
  let range = rangeOfNode(firstKey(node) ?? node) ?? [0, 0];
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      if (pair === undefined) return range;
      range = rangeOfNode(pair.key) ?? range;
      if (isLast && target === 'key') return range;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
    } else {
      return range;
    }
    if (!isLast && (isMap(node) || isSeq(node)))
      range = rangeOfNode(firstKey(node) ?? node) ?? range;
    else range = rangeOfNode(node) ?? range;
  }
  const inner = firstKey(node);
  return isMap(node) && inner !== undefined ? (rangeOfNode(inner) ?? range) : range;
}

function firstKey(node: unknown): unknown {
  return isMap(node) ? node.items[0]?.key : undefined;
}

function rangeOfNode(node: unknown): Range | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range === undefined || range === null ? undefined : [range[0], range[1]];
}

function placeAt(lines: readonly string[], counter: LineCounter, from: number, to: number): Place {
  const { line, col } = counter.linePos(from);
  const at = Math.min(Math.max(line, 1), lines.length);
  const first = Math.max(1, at - linesBefore);
  const text = lines[at - 1] ?? '';
  const column = Math.max(1, at === line ? col : text.length + 1);
  const rest = Math.max(1, text.trimEnd().length - column + 1);
  return {
    line: at,
    column,
    width: Math.max(1, Math.min(to - from, rest)),
    firstLine: first,
    lines: lines.slice(first - 1, at + linesAfter).map((shown) => shown.slice(0, lineLengthMax)),
  };
}
