// Whether a module waits while it is evaluated. That its text does not compile as a function is no
// measure: what follows `await` may be in parentheses, and then it reads as a call of a function
// with that name.
import { createRequire } from 'node:module';
import type { Node } from 'acorn';

/** Whether there is an `await` outside of functions. False for what acorn does not understand. */
export function awaitsAtTop(code: string): boolean {
  if (!/\bawait\b/.test(code)) return false;
  const { parse } = createRequire(import.meta.url)('acorn') as typeof import('acorn');
  try {
    return isIn(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function isIn(node: Node): boolean {
  const { type } = node;
  if (type === 'AwaitExpression') return true;
  if (type === 'ForOfStatement' && (node as Node & { readonly await?: boolean }).await === true) {
    return true;
  }
  if (functions.has(type)) return false;
  return Object.values(node).some((value) =>
    Array.isArray(value)
      ? value.some((each) => isNode(each) && isIn(each))
      : isNode(value) && isIn(value),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
