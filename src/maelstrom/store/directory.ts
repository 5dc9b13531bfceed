// A directory of results that nobody ever sees half of: it is written beside its place and takes
// its name when all is there; then `latest` points to it. Everything is synchronous.
import { Buffer } from 'node:buffer';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileError } from '../../files/text-file.js';
import { usageError } from '../../scenario/usage-error.js';

/** A text file that grows. */
export interface GrowingFile {
  write(text: string): void;
}

/** What a growing file collects before it writes it. */
const chunkBytes = 1 << 18;

/** `root`/`group`/`name` while it is written beside its place. All throw UsageErrors. */
export class ResultsDirectory {
  /** The place that it takes in the end. */
  readonly path: string;
  readonly #root: string;
  readonly #group: string;
  readonly #temporary: string;
  /** The first folder that was made for it; `undefined`: none. */
  #created: string | undefined;
  #growing: (() => void)[] = [];
  /** Whether it is neither committed nor abandoned. */
  #open = true;

  constructor(root: string, group: string, name: string) {
    const home = join(root, group);
    this.#root = root;
    this.#group = group;
    this.#temporary = join(home, `.${name}.${process.pid}.tmp`);
    this.path = this.#guarded(() => {
      for (const link of linksTo(root, group)) assertLinkable(link);
      this.#created = mkdirSync(home, { recursive: true });
      mkdirSync(this.#temporary, { recursive: true });
      return freePath(home, name);
    });
  }

  /** Writes a whole file; its folders come of themselves. */
  file(name: string, text: string): void {
    this.#guarded(() => writeFileSync(this.#placed(name), text));
  }

  /** Where a file or folder is until the directory takes its place; for those who write it. */
  placeOf(name: string): string {
    return this.#guarded(() => this.#placed(name));
  }

  /** A file that is written bit by bit. */
  growing(name: string): GrowingFile {
    const file = this.#guarded(() => growingFile(this.#placed(name)));
    this.#growing.push(file.close);
    return { write: (text) => this.#guarded(() => file.write(text)) };
  }

  /** Takes its place. If it cannot, nothing is left. */
  commit(): void {
    this.#guarded(() => {
      for (const close of this.#growing) close();
      renameSync(this.#temporary, this.path);
      this.#open = false;
      for (const link of linksTo(this.#root, this.#group)) point(link, this.path);
    });
  }

  /** Leaves nothing behind. Harmless after `commit`. */
  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#growing = [];
    if (existsSync(this.#temporary)) rmSync(this.#temporary, { recursive: true });
    if (this.#created !== undefined) removeEmpty(join(this.#root, this.#group), this.#created);
  }

  #placed(name: string): string {
    const path = join(this.#temporary, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  #guarded<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.abandon();
      const about = `cannot write the results to ${this.#root}`;
      const hint = 'Choose another directory with --output, or keep no results with --no-store.';
      throw fileError(error, this.#root, about, hint);
    }
  }
}

/** `name`, or with a number after it if there is one already. */
function freePath(directory: string, name: string): string {
  for (let nth = 1; ; nth++) {
    const path = join(directory, nth === 1 ? name : `${name}-${nth}`);
    if (statOf(path) === undefined) return path;
  }
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Folders from `home` up to the first that was made for it, as long as they hold nothing. */
function removeEmpty(home: string, created: string): void {
  for (let folder = resolve(home); folder.startsWith(resolve(created)); folder = dirname(folder)) {
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
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

/**
 * Opened anew for each chunk: there may be more of them than files can be open. Text becomes bytes
 * at once: lines that waited as text would be moved about by the garbage collector meanwhile.
 */
function growingFile(path: string): GrowingFile & { readonly close: () => void } {
  let chunk = Buffer.allocUnsafeSlow(0);
  let length = 0;
  const flush = (): void => {
    appendFileSync(path, chunk.subarray(0, length));
    length = 0;
  };
  return {
    write: (text) => {
      const bytesMax = 3 * text.length; // Of UTF-8, for each unit of UTF-16.
      if (length + bytesMax > chunk.length) {
        if (length > 0) flush();
        if (bytesMax > chunkBytes) return appendFileSync(path, text);
        if (chunk.length === 0) chunk = Buffer.allocUnsafeSlow(chunkBytes);
      }
      length += chunk.write(text, length);
    },
    close: flush,
  };
}
