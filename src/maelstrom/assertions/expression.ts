// The language of `--assert`: comparisons of figures with numbers, joined by `&&` and `||`, with
// arithmetic and units. It knows no figures, only that they have names and dimensions.
//
//   either     = both { ("||" | "or") both }
//   both       = comparison { ("&&" | "and") comparison }
//   comparison = sum ( "<" | "<=" | ">" | ">=" | "=" | "==" | "!=" ) sum  |  "(" either ")"
//   sum        = product { ("+" | "-") product }
//   product    = atom { ("*" | "/") atom }
//   atom       = number [unit] | name | "(" sum ")"
import { quoted } from '../../scenario/problems.js';
import { usageError } from '../../scenario/usage-error.js';

/** What a quantity is a measure of. Times are in microseconds. */
export type Dimension = 'number' | 'time';

export type Sum =
  | { readonly kind: 'number'; readonly value: number; readonly dimension: Dimension }
  | { readonly kind: 'figure'; readonly name: string }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Sum;
      readonly right: Sum;
    };

export type Comparator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** What an assertion claims. */
export type Claim =
  | {
      readonly kind: 'comparison';
      readonly comparator: Comparator;
      readonly left: Sum;
      readonly right: Sum;
    }
  | {
      readonly kind: 'both' | 'either';
      readonly left: Claim;
      readonly right: Claim;
    };

/** Reads an assertion. Throws a UsageError that says where it goes wrong. */
export function parseClaim(text: string): Claim {
  const reader: Reader = { text, tokens: tokensOf(text), at: 0 };
  const claim = either(reader);
  const rest = reader.tokens[reader.at];
  if (rest !== undefined) throw mistake(reader, '&& or ||, or the end');
  return claim;
}

interface Token {
  readonly kind: 'number' | 'name' | 'sign';
  readonly text: string;
  readonly at: number;
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

/** A minus within a name belongs to it: differences have spaces around theirs. */
const number = /(\d+(?:\.\d+)?(?:us|µs|ms|s|m|h|%)?(?![\w.]))/.source;
const name = /([A-Za-z][\w.?-]*)/.source;
const sign = /(<=|>=|==|!=|&&|\|\||[<>=()+*/-])/.source;

const lengthMax = 1_000;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  const pattern = new RegExp(`\\s*(?:${number}|${name}|${sign})`, 'y');
  if (end > lengthMax)
    throw usageError(`an assertion has ${end} characters`, { expected: 'fewer' });
  for (pattern.lastIndex = 0; pattern.lastIndex < end; ) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const about = `--assert ${quoted(text)} is not clear from ${quoted(text.slice(from).trim())}`;
      throw usageError(about, { expected: examples });
    }
    const [whole, number, name, sign] = match;
    const found = number ?? name ?? sign ?? '';
    const at = from + whole.length - found.length;
    const word = name === 'and' ? '&&' : name === 'or' ? '||' : undefined;
    if (word !== undefined) tokens.push({ kind: 'sign', text: word, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else tokens.push({ kind: name === undefined ? 'sign' : 'name', text: found, at });
  }
  return tokens;
}

const examples = "such as 'msgs-per-op<30' or 'latency.p99 < 2s && ok-fraction >= 99%'";

function mistake({ text, tokens, at }: Reader, expected: string): Error {
  const token = tokens[at];
  const found = token === undefined ? 'its end' : `${quoted(token.text)} at column ${token.at + 1}`;
  const about = `--assert ${quoted(text)} goes wrong at ${found}`;
  return usageError(about, { expected, hint: `Assertions are ${examples}.` });
}

function either(reader: Reader): Claim {
  let left = both(reader);
  while (took(reader, '||')) left = { kind: 'either', left, right: both(reader) };
  return left;
}

function both(reader: Reader): Claim {
  let left = comparison(reader);
  while (took(reader, '&&')) left = { kind: 'both', left, right: comparison(reader) };
  return left;
}

const comparators: ReadonlyMap<string, Comparator> = new Map([
  ...(['<', '<=', '>', '>=', '=', '!='] as const).map((sign) => [sign, sign] as const),
  ['==', '='],
]);

function comparison(reader: Reader): Claim {
  if (opensClaim(reader)) {
    reader.at++;
    const claim = either(reader);
    if (!took(reader, ')')) throw mistake(reader, 'a closing bracket');
    return claim;
  }
  const left = sum(reader);
  const comparator = comparators.get(reader.tokens[reader.at]?.text ?? '');
  if (comparator === undefined) throw mistake(reader, 'a comparison: <, <=, >, >=, = or !=');
  reader.at++;
  return { kind: 'comparison', comparator, left, right: sum(reader) };
}

/** Whether a bracket is around a claim: then there is a comparison before it closes. */
function opensClaim({ tokens, at }: Reader): boolean {
  if (tokens[at]?.text !== '(') return false;
  let depth = 0;
  for (const token of tokens.slice(at)) {
    if (token.kind !== 'sign') continue;
    if (token.text === '(') depth++;
    else if (token.text === ')' && --depth === 0) return false;
    else if (comparators.has(token.text)) return true;
  }
  return false;
}

function sum(reader: Reader): Sum {
  let left = product(reader);
  for (;;) {
    const operator = took(reader, '+') ? '+' : took(reader, '-') ? '-' : undefined;
    if (operator === undefined) return left;
    left = { kind: 'arithmetic', operator, left, right: product(reader) };
  }
}

function product(reader: Reader): Sum {
  let left = atom(reader);
  for (;;) {
    const operator = took(reader, '*') ? '*' : took(reader, '/') ? '/' : undefined;
    if (operator === undefined) return left;
    left = { kind: 'arithmetic', operator, left, right: atom(reader) };
  }
}

function atom(reader: Reader): Sum {
  const token = reader.tokens[reader.at];
  if (token?.kind === 'number') {
    reader.at++;
    return quantity(token.text);
  }
  if (token?.kind === 'name') {
    reader.at++;
    return { kind: 'figure', name: token.text };
  }
  if (!took(reader, '(')) throw mistake(reader, 'a figure such as msgs-per-op, or a number');
  const inner = sum(reader);
  if (!took(reader, ')')) throw mistake(reader, 'a closing bracket');
  return inner;
}

function took(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'sign' || token.text !== sign) return false;
  reader.at++;
  return true;
}

const units: ReadonlyMap<string, readonly [factor: number, dimension: Dimension]> = new Map([
  ['', [1, 'number']],
  ['%', [0.01, 'number']],
  ['us', [1, 'time']],
  ['µs', [1, 'time']],
  ['ms', [1_000, 'time']],
  ['s', [1_000_000, 'time']],
  ['m', [60_000_000, 'time']],
  ['h', [3_600_000_000, 'time']],
]);

function quantity(text: string): Sum {
  const unit = /[^\d.]*$/.exec(text)?.[0] ?? '';
  const [factor, dimension] = units.get(unit) ?? [1, 'number'];
  return {
    kind: 'number',
    value: Number(text.slice(0, text.length - unit.length)) * factor,
    dimension,
  };
}
