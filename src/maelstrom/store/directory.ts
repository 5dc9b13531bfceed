// A directory of results that nobody ever sees half of: it is written beside its place and takes
// its name when all is there; then `latest` points to it. Everything is synchronous.
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileError } from '../../files/text-file.js';
import { usageError } from '../../scenario/usage-error.js';

/** A text file that grows. */
export interface GrowingFile {
  write(text: string): void;
}

export interface ResultsDirectory {
  /** The place that it takes in the end. */
  readonly path: string;
  /** Writes a whole file; its folders come of themselves. */
  file(name: string, text: string): void;
  /** A file that is written bit by bit. */
  growing(name: string): GrowingFile;
  /** Takes its place. Throws a UsageError if it cannot; then nothing is left. */
  commit(): void;
  /** Leaves nothing behind. Harmless after `commit`. */
  abandon(): void;
}

/** Characters that a growing file collects before it writes them. */
const chunkLength = 1 << 20;

/** Begins `root`/`group`/`name`. Throws a UsageError when it cannot be written. */
export function openDirectory(root: string, group: string, name: string): ResultsDirectory {
  const about = `cannot write the results to ${root}`;
  const hint = 'Choose another directory with --output, or keep no results with --no-store.';
  const path = freePath(join(root, group), name);
  const temporary = join(root, group, `.${name}.${process.pid}.tmp`);
  const open = new Map<GrowingFile, () => void>();
  let isOpen = true;
  const abandon = (): void => {
    if (!isOpen) return;
    isOpen = false;
    open.clear();
    rmSync(temporary, { recursive: true, force: true });
  };
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      abandon();
      throw fileError(error, root, about, hint);
    }
  };
  for (const link of linksTo(root, group)) assertLinkable(link);
  guarded(() => mkdirSync(temporary, { recursive: true }));
  const placed = (file: string): string => {
    const target = join(temporary, file);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  };
  return {
    path,
    file: (file, text) => guarded(() => writeFileSync(placed(file), text)),
    growing: (file) => {
      const grown = guarded(() => growingFile(placed(file)));
      const guardedFile = { write: (text: string) => guarded(() => grown.write(text)) };
      open.set(guardedFile, grown.close);
      return guardedFile;
    },
    commit: () =>
      guarded(() => {
        for (const [file, close] of open) {
          open.delete(file);
          close();
        }
        renameSync(temporary, path);
        isOpen = false;
        for (const link of linksTo(root, group)) point(link, path);
      }),
    abandon,
  };
}

/** `name`, or with a number after it if there is one already. */
function freePath(directory: string, name: string): string {
  for (let nth = 1; ; nth++) {
    const path = join(directory, nth === 1 ? name : `${name}-${nth}`);
    if (statOf(path) === undefined) return path;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, path, `cannot look at ${path}`);
  }
}

function linksTo(root: string, group: string): readonly string[] {
  return [join(root, 'latest'), join(root, group, 'latest')];
}

/** What a user keeps under the name of a link is not ours to replace. */
function assertLinkable(link: string): void {
  const stat = statOf(link);
  if (stat === undefined || stat.isSymbolicLink()) return;
  throw usageError(`${link} is in the way`, {
    expected: 'a symbolic link that Stormglass has made, or nothing',
    hint: 'Move it, or choose another directory with --output.',
  });
}

/** A new link takes the place of the old one at once. */
function point(link: string, target: string): void {
  const temporary = `${link}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  symlinkSync(relative(dirname(link), target), temporary, 'dir');
  renameSync(temporary, link);
}

/** Opened anew for each chunk: there may be more of them than files can be open. */
function growingFile(path: string): GrowingFile & { readonly close: () => void } {
  let texts: string[] = [];
  let length = 0;
  const flush = (): void => {
    appendFileSync(path, texts.join(''));
    texts = [];
    length = 0;
  };
  return {
    write: (text) => {
      texts.push(text);
      length += text.length;
      if (length >= chunkLength) flush();
    },
    close: flush,
  };
}
