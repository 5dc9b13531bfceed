// The code that runs inside every realm, as one script: the files of guest/, joined in the order
// of their imports. It must be evaluated in the realm, for a function of the host that became a
// promise's callback would run in the host's turn, not in the event.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, Script } from 'node:vm';
import type { boot } from './guest/boot.js';
import { transform } from './transform.js';

const directory = fileURLToPath(new URL('./guest/', import.meta.url));

const cache: { script: Script | undefined } = { script: undefined };

/** Evaluates the guest's code in a realm that has none yet. */
export function bootIn(context: Context): typeof boot {
  cache.script ??= new Script(bundle(), { filename: 'stormglass:realm' });
  return cache.script.runInContext(context) as typeof boot;
}

/** One function around all files. */
function bundle(): string {
  const built = existsSync(join(directory, 'boot.js'));
  const files = new Map<string, string>();
  collect(join(directory, built ? 'boot.js' : 'boot.ts'), files);
  const plain = (text: string): string =>
    built ? text : transform({ path: 'realm.ts', source: text, async: false });
  const source = [...files.values()].map(plain).join('\n');
  // In a block, a name that two files declare does not compile.
  return `(() => {'use strict';{${source}\nreturn boot;}\n})()`;
}

/** Adds what a file imports, then the file itself, without its imports and exports. */
function collect(path: string, files: Map<string, string>): void {
  if (files.has(path)) return;
  const text = readFileSync(path, 'utf8');
  files.set(path, '');
  for (const [, specifier = ''] of text.matchAll(/^import (?!type )[^;]*? from '(\.[^']+)';$/gm)) {
    collect(resolve(dirname(path), specifier.replace(/\.js$/, path.slice(-3))), files);
  }
  files.delete(path); // To come after them.
  files.set(path, stripped(text));
}

function stripped(text: string): string {
  return text
    .replaceAll(/^import [^;]*? from '[^']+';$/gm, '')
    .replaceAll(/^export (?=(async )?(function|class|const|interface|type)\b)/gm, '')
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '');
}
