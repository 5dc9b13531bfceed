// Assertions about the figures of a run: read and checked before it, judged after it.
import { formatDuration } from '../../kernel/time.js';
import { nearest } from '../../scenario/nearest.js';
import { oneOf, quoted } from '../../scenario/problems.js';
import { usageError } from '../../scenario/usage-error.js';
import { type Claim, type Comparator, type Dimension, parseClaim, type Sum } from './expression.js';
import { type Figures, figuresOf } from './figures.js';

export interface Assertion {
  readonly text: string;
  readonly claim: Claim;
}

/** What became of an assertion. */
export interface Asserted {
  readonly text: string;
  readonly holds: boolean;
  /** The figures that it names: `msgs-per-op is 63.07`. */
  readonly found: string;
}

/** Reads assertions about a workload with these functions. Throws a UsageError for a flaw. */
export function readAssertions(
  texts: readonly string[],
  functions: readonly string[],
): readonly Assertion[] {
  const zero = { sent: 0, delivered: 0, dropped: 0, duplicated: 0 };
  const counts = { messages: { all: zero, clients: zero, servers: zero } };
  const nothing = { counts, faults: [], crashes: [], events: 0, virtualUs: 0 };
  const known = figuresOf({ judgements: [], result: nothing }, functions);
  return texts.map((text) => {
    const claim = parseClaim(text);
    assertClaim(claim, text, known);
    return { text, claim };
  });
}

/** Whether an assertion holds of a run. */
export function judgeAssertion({ text, claim }: Assertion, figures: Figures): Asserted {
  const names = [...new Set(namesIn(claim))];
  const found = names.map((name) => `${name} is ${figureText(name, figures)}`).join(', ');
  return { text, holds: holds(claim, figures), found };
}

/** `63.07`, `450ms`, or that there is none. */
function figureText(name: string, figures: Figures): string {
  const { value, dimension } = figures.get(name) ?? { value: undefined, dimension: 'number' };
  if (value === undefined) return 'unknown: there is none in this run';
  if (dimension === 'time') return formatDuration(Math.round(value));
  return String(Math.round(value * 10_000) / 10_000);
}

function assertClaim(claim: Claim, text: string, known: Figures): void {
  if (claim.kind !== 'comparison') {
    assertClaim(claim.left, text, known);
    assertClaim(claim.right, text, known);
    return;
  }
  const [left, right] = [claim.left, claim.right].map((sum) => dimensionOf(sum, text, known));
  if (left === right) return;
  const hint = 'Write the time with its unit, such as 400ms.';
  throw usageError(`--assert ${quoted(text)} compares a time with a number`, { hint });
}

/** What a sum measures. Throws for figures that there are not, and for apples plus pears. */
function dimensionOf(sum: Sum, text: string, known: Figures): Dimension {
  if (sum.kind === 'number') return sum.dimension;
  if (sum.kind === 'figure') return figureNamed(sum.name, text, known).dimension;
  const [left, right] = [sum.left, sum.right].map((part) => dimensionOf(part, text, known));
  const { operator } = sum;
  if ('+-'.includes(operator) && left !== right) {
    const hint = 'Write the time with its unit, such as 400ms.';
    throw usageError(`--assert ${quoted(text)} adds a time and a number`, { hint });
  }
  if ('+-'.includes(operator)) return left ?? 'number';
  if (operator === '/' && right === 'time') {
    if (left === 'time') return 'number';
    throw usageError(`--assert ${quoted(text)} divides a number by a time`);
  }
  if (left === 'time' && right === 'time') {
    throw usageError(`--assert ${quoted(text)} multiplies two times`);
  }
  return left === 'time' || right === 'time' ? 'time' : 'number';
}

function figureNamed(name: string, text: string, known: Figures) {
  const figure = known.get(name);
  if (figure !== undefined) return figure;
  const names = [...known.keys()];
  throw usageError(`--assert ${quoted(text)}: there is no figure ${quoted(name)}`, {
    expected: oneOf(names),
    nearest: nearest(name, names),
  });
}

function namesIn(part: Claim | Sum): readonly string[] {
  if (part.kind === 'figure') return [part.name];
  return part.kind === 'number' ? [] : [...namesIn(part.left), ...namesIn(part.right)];
}

function holds(claim: Claim, figures: Figures): boolean {
  if (claim.kind !== 'comparison') {
    const left = holds(claim.left, figures);
    const right = holds(claim.right, figures);
    return claim.kind === 'both' ? left && right : left || right;
  }
  const left = amountOf(claim.left, figures);
  const right = amountOf(claim.right, figures);
  // Nothing can be said of a figure that the run does not have, so nothing holds of it.
  if (left === undefined || right === undefined) return false;
  return compare(claim.comparator, left, right);
}

function compare(comparator: Comparator, left: number, right: number): boolean {
  switch (comparator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '=':
      return left === right;
    case '!=':
      return left !== right;
  }
}

function amountOf(sum: Sum, figures: Figures): number | undefined {
  if (sum.kind === 'number') return sum.value;
  if (sum.kind === 'figure') return figures.get(sum.name)?.value;
  const left = amountOf(sum.left, figures);
  const right = amountOf(sum.right, figures);
  if (left === undefined || right === undefined) return undefined;
  switch (sum.operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
  }
}
