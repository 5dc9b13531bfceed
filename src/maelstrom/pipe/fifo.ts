// Named pipes for a program's streams. A pipe of `child_process` is a socket, which nobody can
// write to or read from without an event loop; these are pipes as shells make them, and both sides
// can be used at once, synchronously.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Both ends of a pipe. Reading from an empty one and writing to a full one fails with EAGAIN. */
export interface Pipe {
  /** Blocks, as programs expect. */
  readonly inner: number;
  /** Ours; does not block. */
  readonly outer: number;
}

/** Our end writes, the program reads. */
type Direction = 'in' | 'out';

/**
 * Makes pipes, in the order of `directions`. They have no name afterwards: nothing is left in the
 * file system. Takes a few milliseconds.
 */
export function makePipes(directions: readonly Direction[]): readonly Pipe[] {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-'));
  try {
    const paths = directions.map((_, index) => join(directory, String(index)));
    execFileSync('mkfifo', paths, { stdio: 'ignore' });
    return directions.map((direction, index) => openBoth(paths[index] as string, direction));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Opening one end waits for the other, but for an end that is both. */
function openBoth(path: string, direction: Direction): Pipe {
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  try {
    const [theirs, ours] = direction === 'in' ? [O_RDONLY, O_WRONLY] : [O_WRONLY, O_RDONLY];
    return { inner: openSync(path, theirs), outer: openSync(path, ours | O_NONBLOCK) };
  } finally {
    closeSync(both);
  }
}
