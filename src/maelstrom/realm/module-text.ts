// ES modules of the usual kind become CommonJS by a few replacements in their text: names that are
// imported are read from what `require` gave, what is exported is put where it is declared. Babel
// takes longer to load than such programs to run; it does the rest (see transform.ts).
import { createRequire } from 'node:module';
import type { Node, Program } from 'acorn';

/** A node of any kind, with its children among its fields. */
type AnyNode = Node & Readonly<Record<string, unknown>>;

/** Text that stands for another. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is known of a module. */
interface Draft {
  readonly source: string;
  readonly edits: Edit[];
  /** Specifiers in the order in which their modules are evaluated. */
  readonly sources: string[];
  /** What stands for names that are imported. */
  readonly imported: Map<string, string>;
  /** The module's own names by those under which they are exported. */
  readonly exported: Map<string, string>;
}

/** Thrown at what is left to Babel. */
class Unusual extends Error {}

/** CommonJS that does the same, on the same lines; `undefined`: the module is not of this kind. */
export function commonJsOf(source: string): string | undefined {
  const { parse } = createRequire(import.meta.url)('acorn') as typeof import('acorn');
  try {
    const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
    return rewritten(source, program);
  } catch (error) {
    if (error instanceof Unusual || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function rewritten(source: string, { body }: Program): string {
  const statements = body as unknown as readonly AnyNode[];
  const draft: Draft = {
    ...{ source, edits: [], sources: [], imported: new Map(), exported: new Map() },
  };
  for (const statement of statements) declare(statement, draft);
  const early = placeExports(statements, draft);
  for (const statement of statements) {
    const isGone = statement.type === 'ImportDeclaration' || statement.declaration === null;
    if (!isGone) refer(statement, { ...draft, isInside: false, startsAt: -1, isCall: false });
  }
  const names = [...draft.exported.keys()].sort((a, b) => (a < b ? -1 : 1));
  const head = [
    `"use strict";Object.defineProperty(exports,"__esModule",{value:true});`,
    ...names.map((name) => `exports.${name}=void 0;`),
    ...early,
    ...draft.sources.map((from, nth) => `const $import${nth}=require(${JSON.stringify(from)});`),
  ];
  return head.join('') + edited(source, draft.edits);
}

/** Exports stand behind what they export; those of functions, which are there at once, ahead. */
function placeExports(
  statements: readonly AnyNode[],
  { edits, exported }: Draft,
): readonly string[] {
  const early: string[] = [];
  const left = new Map([...exported].filter(([, local]) => local !== defaultValue));
  for (const statement of statements) {
    const declaration = (statement.declaration ?? statement) as AnyNode;
    for (const name of constantsOf(declaration)) {
      for (const [outer, local] of left) {
        if (local !== name) continue;
        const text = `;exports.${outer}=${name};`;
        if (declaration.type === 'FunctionDeclaration') early.push(text);
        else edits.push({ start: declaration.end, end: declaration.end, text });
        left.delete(outer);
      }
    }
  }
  if (left.size > 0) throw new Unusual('an export that may change, or is an import');
  return early;
}

/** Names that a statement declares, if they keep their values. */
function constantsOf({ type, id, kind, declarations }: AnyNode): readonly string[] {
  if (type === 'FunctionDeclaration' || type === 'ClassDeclaration') {
    return id === null ? [] : [nameOf(id)];
  }
  if (type !== 'VariableDeclaration' || kind !== 'const') return [];
  const ids = (declarations as readonly AnyNode[]).map((one) => one.id as AnyNode);
  return ids.flatMap((one) => (one.type === 'Identifier' ? [nameOf(one)] : []));
}

function edited(source: string, edits: readonly Edit[]): string {
  let from = 0;
  const parts = [...edits]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, text }) => {
      const before = source.slice(from, start);
      from = end;
      return before + text;
    });
  return parts.join('') + source.slice(from);
}

/** Takes down what a statement at the top imports and exports. */
function declare(node: AnyNode, draft: Draft): void {
  switch (node.type) {
    case 'ImportDeclaration':
      return declareImport(node, draft);
    case 'ExportNamedDeclaration':
      return declareNamed(node, draft);
    case 'ExportDefaultDeclaration':
      return declareDefault(node, draft);
    case 'ExportAllDeclaration':
      throw new Unusual(node.type);
  }
}

function declareImport(node: AnyNode, draft: Draft): void {
  const module = required(node, draft);
  for (const specifier of node.specifiers as readonly AnyNode[]) {
    const local = nameOf(specifier.local);
    const { type, imported } = specifier;
    if (type === 'ImportNamespaceSpecifier') draft.imported.set(local, module);
    else {
      const name = type === 'ImportDefaultSpecifier' ? 'default' : nameOf(imported);
      draft.imported.set(local, `${module}.${name}`);
    }
  }
  replace(node.start, node.end, ';', draft);
}

function declareNamed(node: AnyNode, draft: Draft): void {
  const declaration = node.declaration as AnyNode | null;
  if (node.source !== null) throw new Unusual('an export from elsewhere');
  if (declaration !== null) {
    replace(node.start, declaration.start, '', draft);
    for (const name of namesOf(declaration)) draft.exported.set(name, name);
    return;
  }
  for (const { local, exported } of node.specifiers as readonly AnyNode[]) {
    draft.exported.set(nameOf(exported), nameOf(local));
  }
  replace(node.start, node.end, ';', draft);
}

function declareDefault(node: AnyNode, draft: Draft): void {
  const { type, start, id } = node.declaration as AnyNode;
  const isDeclared = type === 'FunctionDeclaration' || type === 'ClassDeclaration';
  // A function without a name is called `default`.
  if (isDeclared ? id === null : namelessKinds.has(type)) throw new Unusual(type);
  draft.exported.set('default', isDeclared ? nameOf(id) : defaultValue);
  replace(node.start, start, isDeclared ? '' : 'exports.default = ', draft);
}

const namelessKinds = new Set(['FunctionExpression', 'ClassExpression', 'ArrowFunctionExpression']);

/** Stands for a default export that has no name. */
const defaultValue = '*default*';

/** The name of what `require` gives for a statement's specifier. */
function required(node: AnyNode, { sources }: Draft): string {
  if (((node.attributes as readonly unknown[] | undefined) ?? []).length > 0) {
    throw new Unusual('attributes');
  }
  sources.push((node.source as AnyNode).value as string);
  return `$import${sources.length - 1}`;
}

/** Text goes, its lines stay. */
function replace(start: number, end: number, text: string, { edits, source }: Draft): void {
  const lines = source.slice(start, end).split('\n').length - 1;
  edits.push({ start, end, text: text + '\n'.repeat(lines) });
}

function nameOf(node: unknown): string {
  const { type, name } = node as AnyNode;
  if (type !== 'Identifier') throw new Unusual(type);
  return name as string;
}

/** The names that a declaration binds. */
function namesOf(declaration: AnyNode): readonly string[] {
  if (declaration.type !== 'VariableDeclaration') return [nameOf(declaration.id)];
  // A pattern binds several names.
  return (declaration.declarations as readonly AnyNode[]).map(({ id }) => nameOf(id));
}

/** Where in a module one is. */
interface Place extends Draft {
  /** In a function: an `await` there is not the module's. */
  readonly isInside: boolean;
  /** Where the statement begins, if it is an expression, and whether it is a call. */
  readonly startsAt: number;
  readonly isCall: boolean;
}

/** Replaces what refers to imported names, in all that is in a node. */
function refer(node: AnyNode, place: Place): void {
  checkUsual(node, place);
  const within = placeIn(node, place);
  const hidden = new Set(place.imported.keys());
  for (const [field, value] of Object.entries(node)) {
    if (isLabel(node, field)) continue;
    for (const child of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (!isNode(child)) continue;
      if (bindingFields.has(field) && binders.has(node.type)) checkNone(child, hidden);
      if (child.type === 'Identifier') referTo(child, node, field, within);
      else refer(child, within);
    }
  }
}

function placeIn(node: AnyNode, place: Place): Place {
  if (functions.has(node.type)) return { ...place, isInside: true };
  if (node.type !== 'ExpressionStatement') return place;
  const { type } = node.expression as AnyNode;
  return { ...place, startsAt: node.start, isCall: type === 'CallExpression' };
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const binders = new Set([...functions, 'ClassDeclaration', 'ClassExpression', 'CatchClause']);
binders.add('VariableDeclarator');
const bindingFields = new Set(['id', 'param', 'params']);

/** Names of the function that the module becomes, and names of ours. */
const reserved =
  /^(exports|require|module|__filename|__dirname|jiti(Import|ESMResolve)|\$(turn|call|import\d+))$/;

function checkUsual(node: AnyNode, { edits, exported, isInside }: Place): void {
  const { type, start } = node;
  const waits = type === 'AwaitExpression' || (type === 'ForOfStatement' && node.await === true);
  if (waits && !isInside) throw new Unusual('await at the top');
  if (type === 'MetaProperty' && (node.meta as AnyNode).name === 'import') throw new Unusual(type);
  if (type === 'TaggedTemplateExpression') throw new Unusual(type);
  const changed = type === 'AssignmentExpression' ? node.left : node.argument;
  if (type === 'AssignmentExpression' || type === 'UpdateExpression') {
    checkNone(changed as AnyNode, new Set(exported.values()));
  } else if (type === 'ForOfStatement' || type === 'ForInStatement') {
    checkNone(node.left as AnyNode, new Set(exported.values()));
  }
  if (type !== 'ImportExpression') return;
  if ((node.options ?? null) !== null) throw new Unusual('attributes');
  edits.push({ start, end: start + 'import'.length, text: 'jitiImport' });
}

/** What is hidden or changed, as a parameter or by an assignment, is left to Babel. */
function checkNone(node: AnyNode, names: ReadonlySet<string>): void {
  if (node.type === 'Identifier' && names.has(node.name as string)) throw new Unusual('hidden');
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (isNode(child) && !functions.has(child.type)) checkNone(child, names);
    }
  }
}

function referTo(node: AnyNode, parent: AnyNode, field: string, place: Place): void {
  const { start, end } = node;
  const name = node.name as string;
  if (reserved.test(name)) throw new Unusual(name);
  const read = place.imported.get(name);
  if (read === undefined) return;
  const text =
    parent.type === 'CallExpression' && field === 'callee'
      ? called(read, start, place)
      : parent.type === 'Property' && parent.shorthand === true
        ? `${name}: ${read}`
        : read;
  place.edits.push({ start, end, text });
}

/**
 * A function that is called without a `this`. A line that began with a parenthesis might go on with
 * the line before; where the call is all there is, its value is of no use.
 */
function called(read: string, start: number, { isCall, startsAt }: Place): string {
  if (!read.includes('.')) return read;
  if (start !== startsAt) return `(0, ${read})`;
  if (!isCall) throw new Unusual('a statement that begins with a call');
  return `void (0, ${read})`;
}

/** Whether what stands in a field is a name that refers to nothing. */
function isLabel({ type, computed }: AnyNode, field: string): boolean {
  if (field === 'label' || type === 'MetaProperty') return true;
  if (field === 'property') return type === 'MemberExpression' && computed !== true;
  return field === 'key' && computed !== true;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
