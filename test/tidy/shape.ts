// How a file looks: its name, its opening, its sizes, and what may not be left in it.
import ts from 'typescript';
import { type Finding, findingAt, lineOf, type Rule, type Source, walk } from './project.js';

const fileLinesMax = 400;
const functionLinesMax = 50;
const lineColumnsMax = 100;

/** The folders whose hot loops index typed arrays. */
const assertedFolders = /^src\/(kernel|network|sim)\//;

export const lengthRule: Rule = perSource(
  'length',
  'files, functions and lines are short enough to read',
  (source) => {
    const lines = source.text.split('\n');
    const findings = lines.flatMap((line, index) => overlong(source, line, index + 1));
    const count = source.text.endsWith('\n') ? lines.length - 1 : lines.length;
    if (count > fileLinesMax) {
      const advice = `${count} lines, ${fileLinesMax} allowed: give each noun a file of its own.`;
      findings.push({ path: source.path, line: fileLinesMax + 1, rule: 'length', advice });
    }
    walk(source.tree, (node) => findings.push(...longFunction(source, node)));
    return findings;
  },
);

function overlong(source: Source, line: string, number: number): Finding[] {
  const columns = [...line].length;
  if (columns <= lineColumnsMax || /https?:\/\/\S{60}/.test(line)) return [];
  const advice = `${columns} columns, ${lineColumnsMax} allowed: break the line.`;
  return [{ path: source.path, line: number, rule: 'length', advice }];
}

function longFunction(source: Source, node: ts.Node): Finding[] {
  if (!ts.isFunctionLike(node) || !('body' in node) || isSuite(node)) return [];
  const end = source.tree.getLineAndCharacterOfPosition(node.end).line + 1;
  const count = end - lineOf(source, node) + 1;
  if (count <= functionLinesMax) return [];
  const advice = `a function of ${count} lines, ${functionLinesMax} allowed: let leaves compute.`;
  return [findingAt('length', source, node, advice)];
}

/** `describe('…', () => { … })` groups tests and is as long as they are. */
function isSuite(node: ts.Node): boolean {
  const call = node.parent;
  return ts.isCallExpression(call) && /^describe\b/.test(call.expression.getText());
}

export const openingRule: Rule = perSource(
  'opening-comment',
  'a file opens with what it is and what it does not know',
  (source) => {
    if (/^(#!.*\n)?(\/\/|\/\*)/.test(source.text)) return [];
    const advice = 'say in one to five lines what this file is and what it does not know.';
    return [{ path: source.path, line: 1, rule: 'opening-comment', advice }];
  },
);

export const nameRule: Rule = {
  name: 'file-name',
  claim: 'files and folders have kebab-case names',
  check: (project) =>
    [...project.files.keys()].flatMap((path) => {
      if (!/^(src|test|scenarios)\//.test(path)) return [];
      const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
      const bad = path.split('/').find((part) => !kebab.test(part) && !part.startsWith('__'));
      if (bad === undefined) return [];
      const advice = `${bad} is not kebab-case: say ${kebabOf(bad)}.`;
      return [{ path, line: 1, rule: 'file-name', advice }];
    }),
};

function kebabOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

export const defaultExportRule: Rule = perSource(
  'default-export',
  'only scenarios have default exports',
  (source) => {
    if (source.path.startsWith('scenarios/')) return [];
    return source.tree.statements.filter(isDefaultExport).map((statement) => {
      const advice = 'export it by its name, so that everyone calls it the same.';
      return findingAt('default-export', source, statement, advice);
    });
  },
);

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

export const nonNullRule: Rule = perSource(
  'non-null',
  'only the hot loops of kernel, network and sim assert with !',
  (source) => {
    if (!source.path.startsWith('src/') || assertedFolders.test(source.path)) return [];
    const findings: Finding[] = [];
    walk(source.tree, (node) => {
      if (!ts.isNonNullExpression(node)) return;
      const advice = `no ${node.getText()} here: handle undefined, or assert what should hold.`;
      findings.push(findingAt('non-null', source, node, advice));
    });
    return findings;
  },
);

export const leftoverRule: Rule = perSource(
  'leftovers',
  'nothing is left behind: no notes to self, no console.log, no lone test',
  (source) => {
    const findings: Finding[] = [];
    const quoted: ts.Node[] = [];
    walk(source.tree, (node) => {
      if (isQuoted(node)) quoted.push(node);
      const call = ts.isPropertyAccessExpression(node) ? leftoverCall(node) : undefined;
      if (call !== undefined) findings.push(findingAt('leftovers', source, node, call));
    });
    for (const match of source.text.matchAll(/\b(TODO|FIXME|XXX)\b/g)) {
      if (quoted.some(({ pos, end }) => pos <= match.index && match.index < end)) continue;
      const line = source.tree.getLineAndCharacterOfPosition(match.index).line + 1;
      const advice = `no ${match[0]}: do it, or open an issue.`;
      findings.push({ path: source.path, line, rule: 'leftovers', advice });
    }
    return findings;
  },
);

function leftoverCall(node: ts.PropertyAccessExpression): string | undefined {
  const text = node.getText();
  if (text === 'console.log') return 'no console.log: write to the stream that you mean.';
  const lone = /^(describe|it|test|bench|suite)(\.\w+)*\.only$/.test(text);
  return lone ? `no ${text}: all tests run.` : undefined;
}

/** Text that is quoted; where it begins with comments, `pos` would count them in. */
function isQuoted(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateLiteralToken(node) ||
    node.kind === ts.SyntaxKind.RegularExpressionLiteral
  );
}

function perSource(name: string, claim: string, check: (source: Source) => Finding[]): Rule {
  return {
    name,
    claim,
    check: (project) =>
      [...project.sources.values()]
        .filter(({ path }) => path.startsWith('src/') || path.startsWith('test/'))
        .flatMap(check),
  };
}
