// Code that counts its loops and calls: each begins with a call of `$turn` or `$call`, which throw
// when an event has used up what it may. A loop without an end is so found by counting, at the same
// place on every machine; a clock would find it here sooner and there later. Lines stay where they
// were.
import { createRequire } from 'node:module';
import type { Node } from 'acorn';

/** Text to be put in at a place. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The same script with its loops and calls counted; as it is if it is too new to be understood. */
export function counting(code: string): string {
  const { parse } = createRequire(import.meta.url)('acorn') as typeof import('acorn');
  const insertions: Insertion[] = [];
  try {
    collect(parse(code, { ecmaVersion: 'latest', allowReturnOutsideFunction: true }), insertions);
  } catch (error) {
    if (error instanceof SyntaxError) return code;
    throw error;
  }
  const sorted = insertions.map((one, nth) => ({ ...one, nth }));
  sorted.sort((a, b) => a.at - b.at || a.nth - b.nth);
  let from = 0;
  const parts = sorted.flatMap(({ at, text }) => {
    const before = code.slice(from, at);
    from = at;
    return [before, text];
  });
  return [...parts, code.slice(from)].join('');
}

/** A node of any kind, with its children among its fields. */
type AnyNode = Node & Readonly<Record<string, unknown>>;

function collect(node: Node, insertions: Insertion[]): void {
  const any = node as AnyNode;
  const body = any.body as AnyNode | undefined;
  if (loops.has(node.type) && body !== undefined) enclose(body, insertions);
  if (functions.has(node.type) && body !== undefined) {
    if (body.type === 'BlockStatement') begin(body, insertions);
    else insertions.push({ at: body.start, text: '($call(),' });
  }
  for (const value of Object.values(any)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) collect(each, insertions);
    } else if (isNode(value)) collect(value, insertions);
  }
  if (body === undefined) return;
  if (loops.has(node.type) && body.type !== 'BlockStatement') {
    insertions.push({ at: body.end, text: '}' });
  }
  if (functions.has(node.type) && body.type !== 'BlockStatement') {
    insertions.push({ at: body.end, text: ')' });
  }
}

const loops = new Set([
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function enclose(body: AnyNode, insertions: Insertion[]): void {
  if (body.type === 'BlockStatement') insertions.push({ at: body.start + 1, text: '$turn();' });
  else insertions.push({ at: body.start, text: '{$turn();' });
}

/** After `'use strict'` and the like, which must come first. */
function begin(block: AnyNode, insertions: Insertion[]): void {
  const statements = block.body as readonly (Node & { readonly directive?: string })[];
  const directives = statements.filter(({ directive }) => directive !== undefined);
  const last = directives.at(-1);
  if (last === undefined) insertions.push({ at: block.start + 1, text: '$call();' });
  else insertions.push({ at: last.end, text: ';$call();' });
}
