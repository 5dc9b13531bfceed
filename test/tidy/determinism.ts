// What may not occur below the edges, because two runs could differ by it. Works on the syntax
// tree: comments, strings, property names and locals that share a banned name do not count.
import ts from 'typescript';
import { exempt } from './exemptions.js';
import { deterministicFolders, folderOf } from './layers.js';
import { findingAt, type Rule, type Source, sourcesIn, walk } from './project.js';

const rule = 'determinism';

/** Reports a construct; `what` is the name by which an exemption would call it. */
type Report = (node: ts.Node, what: string, advice: string) => void;

const noClock = 'time is ctx.nowUs; real time belongs to the edges.';
const noTimer = 'ask ctx for a timer; real timers belong to the edges.';
const noPromise = 'below the edges everything is synchronous.';
const noChance = 'chance is ctx.random, a function of a key.';
const noLocale = 'order and words must not depend on the host; compare with < and >.';
const noCollector = 'what the garbage collector does differs between runs.';
const noHost = 'pass what it would tell as an argument; the host belongs to the edges.';

const bannedInFiles: ReadonlyMap<string, string> = new Map([
  ['Intl', noLocale],
  ['setTimeout', noTimer],
  ['setInterval', noTimer],
  ['setImmediate', noTimer],
  ['queueMicrotask', noPromise],
  ['crypto', noChance],
]);

const bannedInWorlds: ReadonlyMap<string, string> = new Map([
  ...bannedInFiles,
  ['Promise', noPromise],
  ['Date', noClock],
  ['performance', noClock],
  ['process', noHost],
  ['globalThis', noHost],
  ['console', noHost],
  ['require', noHost],
  ['WeakRef', noCollector],
  ['FinalizationRegistry', noCollector],
]);

/** Functions of Math whose result the standard leaves to the implementation. */
const inexact = /^(a?(cos|sin|tan)h?|atan2|cbrt|exp|expm1|hypot|log|log10|log1p|log2|pow)$/;

export const determinismRule: Rule = {
  name: rule,
  claim: 'below the edges nothing reads a clock, chance, a locale or the host',
  check: (project) =>
    sourcesIn(project, 'src/').flatMap((source) => {
      const checks = checksOf(source);
      if (checks.length === 0) return [];
      const findings: ReturnType<Rule['check']> = [];
      const report: Report = (node, what, advice) => {
        if (exempt(source.path, rule, what)) return;
        findings.push(findingAt(rule, source, node, `no ${what} here: ${advice}`));
      };
      walk(source.tree, (node) => {
        for (const check of checks) check(node, report);
      });
      if (isWorld(source)) checkModuleState(source, report);
      return findings;
    }),
};

type Check = (node: ts.Node, report: Report) => void;

/** The world's folders obey all; `files` may ask the host and wait for it, but does not guess. */
function checksOf(source: Source): readonly Check[] {
  if (isWorld(source)) {
    return [globals(source, bannedInWorlds), noAsync, noMembers, noInexact, noLooseOrder];
  }
  if (folderOf(source.path) === 'files') {
    return [globals(source, bannedInFiles), noMembers, noLooseOrder];
  }
  return [];
}

function isWorld(source: Source): boolean {
  return deterministicFolders.includes(folderOf(source.path) ?? '');
}

function globals(source: Source, banned: ReadonlyMap<string, string>): Check {
  const scopes = scopesOf(source, banned);
  return (node, report) => {
    if (!ts.isIdentifier(node) || !isUse(node)) return;
    const advice = banned.get(node.text);
    if (advice === undefined) return;
    const declared = scopes.get(node.text) ?? [];
    if (!declared.some((scope) => scope.pos <= node.pos && node.end <= scope.end)) {
      report(node, node.text, advice);
    }
  };
}

/** Where a banned name is somebody's own: the scopes of its declarations. */
function scopesOf(
  source: Source,
  banned: ReadonlyMap<string, string>,
): ReadonlyMap<string, ts.Node[]> {
  const scopes = new Map<string, ts.Node[]>();
  walk(source.tree, (node) => {
    if (!ts.isIdentifier(node) || !banned.has(node.text) || !isDeclaredBy(node)) return;
    const scope = ts.findAncestor(node.parent.parent, isScope) ?? source.tree;
    scopes.set(node.text, [...(scopes.get(node.text) ?? []), scope]);
  });
  return scopes;
}

function isScope(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) ||
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isFunctionLike(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node)
  );
}

function isDeclaredBy(node: ts.Identifier): boolean {
  const { parent } = node;
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent);
  return declares && parent.name === node;
}

/** Whether an identifier refers to something, rather than naming a member or declaring. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return (parent as ts.NamedDeclaration).name !== node;
}

const noAsync: Check = (node, report) => {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) report(node, 'async', noPromise);
  if (node.kind === ts.SyntaxKind.AwaitKeyword) report(node, 'await', noPromise);
  if (ts.isAwaitExpression(node)) report(node, 'await', noPromise);
};

const noMembers: Check = (node, report) => {
  if (!ts.isPropertyAccessExpression(node)) return;
  const name = node.name.text;
  if (name === 'localeCompare' || name.startsWith('toLocale')) report(node.name, name, noLocale);
  if (name === 'random' && isNamed(node.expression, 'Math')) report(node, 'Math.random', noChance);
  if (name === 'stack' && isError(node.expression)) {
    report(node, 'Error.stack', 'it differs between hosts; keep the message.');
  }
};

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

function isError(node: ts.Expression): boolean {
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  return ts.isIdentifier(node) && /^(e|err|error|cause|thrown)$|Error$/.test(node.text);
}

const noInexact: Check = (node, report) => {
  const advice = 'its last bits differ between hosts; integers and + − × ÷ √ decide.';
  if (ts.isPropertyAccessExpression(node) && isNamed(node.expression, 'Math')) {
    if (inexact.test(node.name.text)) report(node, `Math.${node.name.text}`, advice);
  } else if (ts.isIdentifier(node) && node.text === 'Math' && isUse(node)) {
    if (!ts.isPropertyAccessExpression(node.parent)) {
      report(node, 'Math as a value', "say Math's functions in full, so that tidy sees which.");
    }
  }
  if (ts.isBinaryExpression(node) && isPower(node)) report(node, '**', advice);
};

/** `x ** y`, but for a whole literal to a power that looks whole: that is exact. */
function isPower({ operatorToken, left, right }: ts.BinaryExpression): boolean {
  if (operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return true;
  if (operatorToken.kind !== ts.SyntaxKind.AsteriskAsteriskToken) return false;
  return !/^\d[\d_]*n?$/.test(left.getText()) || /[/(]|\d\.|\.\d/.test(right.getText());
}

const noLooseOrder: Check = (node, report) => {
  if (ts.isForInStatement(node)) {
    report(node, 'for…in', 'integer-like keys jump ahead; iterate a Map, a Set or an array.');
  }
  if (!ts.isCallExpression(node) || node.arguments.length > 0) return;
  if (!ts.isPropertyAccessExpression(node.expression)) return;
  const { text } = node.expression.name;
  if ((text === 'sort' || text === 'toSorted') && !isTypedArray(node.expression.expression)) {
    report(node, `${text}()`, 'pass a total comparator; [10, 9].sort() is [10, 9].');
  }
};

/** `Float64Array.from(…)` or `new Float64Array(…)`: typed arrays sort by size. */
function isTypedArray(node: ts.Expression): boolean {
  return /^(new )?(Big)?(Int|Uint|Float)\d+(Clamped)?Array\b/.test(node.getText());
}

/** A module's variables outlive a run: the second would begin where the first ended. */
function checkModuleState(source: Source, report: Report): void {
  const advice = 'state lives in the world; a second run would find it changed.';
  for (const statement of source.tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { declarationList } = statement;
    if ((declarationList.flags & ts.NodeFlags.Const) === 0) report(statement, 'module let', advice);
    for (const { type, initializer } of declarationList.declarations) {
      if (type !== undefined && /^(readonly |Readonly)/.test(type.getText())) continue;
      if (initializer !== undefined && isMutable(initializer, source)) {
        report(initializer, 'mutable module constant', advice);
      }
    }
  }
}

/** An empty collection is there to be filled; typed arrays are scratch, the kernel's alone. */
function isMutable(node: ts.Expression, source: Source): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  if (!ts.isNewExpression(node)) return false;
  const name = node.expression.getText();
  if (/^(Map|Set|WeakMap|WeakSet|Array)$/.test(name)) return (node.arguments ?? []).length === 0;
  return /Array$|^ArrayBuffer$|^DataView$/.test(name) && folderOf(source.path) !== 'kernel';
}
