// Plug-ins are registered, tested and shown in a scenario; checkers have histories that they
// accept, histories that they refuse, and a run in which they must object.
import { parseDocument } from 'yaml';
import {
  entriesOf,
  pluginFiles,
  pluginFolders,
  reachableFiles,
  registeredFiles,
  registryPath,
} from './plugin-units.js';
import { type Finding, type Project, type Rule, sourcesIn } from './project.js';

/** Those whose every name a scenario must use. */
const shownFolders = ['protocols', 'services', 'workloads'];

export const registrationRule: Rule = {
  name: 'registration',
  claim: 'every plug-in is registered, or is a building block of one that is',
  check: (project) =>
    pluginFolders.flatMap((folder) => {
      const reached = reachableFiles(project, folder);
      const strays = pluginFiles(project, folder).filter((path) => !reached.has(path));
      const advice = `add a line for it to ${registryPath(folder)}, or delete it.`;
      return strays.map((path) => ({ path, line: 1, rule: 'registration', advice }));
    }),
};

export const testedRule: Rule = {
  name: 'tested',
  claim: 'every plug-in has a test that names it',
  check: (project) => {
    const tests = sourcesIn(project, 'test/').filter(({ path }) => /\.test\.tsx?$/.test(path));
    const words = wordsOf(tests.flatMap(({ strings }) => strings));
    const imported = new Set(tests.flatMap(({ imports }) => imports.map(({ target }) => target)));
    return pluginFolders.flatMap((folder) => {
      const entries = entriesOf(project, folder);
      return [...registeredFiles(project, folder)].flatMap((path) => {
        const own = entries.filter((entry) => entry.path === path);
        if (imported.has(path) || own.some(({ name }) => words.has(name))) return [];
        const names = own.map(({ name }) => name).join(', ');
        const advice = `no test names ${names}: add one to test/${folder}/.`;
        return [{ path, line: 1, rule: 'tested', advice }];
      });
    });
  },
};

export const shownRule: Rule = {
  name: 'shown',
  claim: 'every protocol, service and workload has a scenario',
  check: (project) => {
    const texts = scenariosOf(project).flatMap(({ text, strings }) => strings ?? [text]);
    const words = wordsOf(texts);
    return shownFolders.flatMap((folder) =>
      entriesOf(project, folder).flatMap(({ name, line }) => {
        if (words.has(name)) return [];
        const advice = `no scenario uses ${name}: add one to scenarios/.`;
        return [{ path: registryPath(folder), line, rule: 'shown', advice }];
      }),
    );
  },
};

/** The words of texts and their parts at slashes: `crdt/g-set`, `crdt`, `g-set`, but not `set`. */
function wordsOf(texts: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const text of texts) {
    for (const [word] of text.matchAll(/[\w-]+(\/[\w-]+)*/g)) {
      words.add(word);
      for (const part of word.split('/')) words.add(part);
    }
  }
  return words;
}

interface ScenarioFile {
  readonly path: string;
  readonly text: string;
  /** The strings of a scenario that is a TypeScript module. */
  readonly strings: readonly string[] | undefined;
}

function scenariosOf(project: Project): ScenarioFile[] {
  return [...project.files]
    .filter(([path]) => /^scenarios\/.*\.(ya?ml|ts)$/.test(path))
    .map(([path, text]) => ({ path, text, strings: project.sources.get(path)?.strings }));
}

export const scenarioRule: Rule = {
  name: 'scenario',
  claim: 'every scenario says what it is about and what verdict to expect',
  check: (project) =>
    scenariosOf(project).flatMap((scenario): Finding[] => {
      const at = { path: scenario.path, line: 1, rule: 'scenario' };
      const fields = fieldsOf(scenario);
      if (typeof fields === 'string') return [{ ...at, advice: fields }];
      const missing = ['about', 'expect'].filter((name) => isBlank(fields[name]));
      return missing.map((name) => ({ ...at, advice: `it has no ${name}: ${advice[name]}` }));
    }),
};

const advice: Readonly<Record<string, string>> = {
  about: 'say in a sentence what it shows.',
  expect: "say 'valid', or which checker must object.",
};

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** What a scenario states, or why it cannot be read. Of a module only whether a field is there. */
function fieldsOf({ text, strings }: ScenarioFile): Readonly<Record<string, unknown>> | string {
  if (strings !== undefined) {
    const names = ['about', 'expect'].filter((name) => new RegExp(`\\b${name}\\s*:`).test(text));
    return Object.fromEntries(names.map((name) => [name, true]));
  }
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error !== undefined) return `it is not YAML: ${error.message}`;
  return (document.toJS() as Record<string, unknown> | null) ?? {};
}

export const fixtureRule: Rule = {
  name: 'fixtures',
  claim: 'every checker has histories that it accepts and histories that it refuses',
  check: (project) => {
    const paths = [...project.files.keys()];
    return entriesOf(project, 'checkers').flatMap(({ name, line }) =>
      ['valid', 'invalid'].flatMap((kind) => {
        const folder = `fixtures/histories/${name}/${kind}/`;
        if (paths.some((path) => path.startsWith(folder))) return [];
        const text = `${folder} is empty: add a history for which ${name} must be ${kind}.`;
        return [{ path: registryPath('checkers'), line, rule: 'fixtures', advice: text }];
      }),
    );
  },
};

export const canaryRule: Rule = {
  name: 'canary',
  claim: 'every checker has a scenario or a mutant to which it must object',
  check: (project) => {
    const expected = scenariosOf(project).map((scenario) => {
      const fields = fieldsOf(scenario);
      return JSON.stringify(scenario.strings ?? (typeof fields === 'string' ? '' : fields.expect));
    });
    const mutants = [...project.files].filter(([path]) => path.startsWith('fixtures/mutants/'));
    const words = wordsOf(
      [...expected, ...mutants.map(([, text]) => text)].map((text) => text ?? ''),
    );
    return entriesOf(project, 'checkers').flatMap(({ name, line }) => {
      if (words.has(name)) return [];
      const text = `no scenario or mutant expects ${name} to object: add a run that it must catch.`;
      return [{ path: registryPath('checkers'), line, rule: 'canary', advice: text }];
    });
  },
};
