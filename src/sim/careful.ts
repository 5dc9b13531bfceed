// Workloads are code of users, and what they throw is theirs: it is told as such, with the part
// that threw.
import type { Workload } from '../workloads/workload.js';

/** A workload threw in one of its functions. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';
  /** `request`, `generator.next` … */
  readonly part: string;

  constructor(workload: Workload, part: string, cause: unknown) {
    super(`workload ${workload.name} threw in ${part}: ${textOf(cause)}`, { cause });
    this.part = part;
  }
}

/** The same workload, whose functions throw nothing but a `WorkloadError`. */
export function careful(workload: Workload): Workload {
  const wrapped = (part: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(part).map(([name, value]) => {
        if (typeof value !== 'function') return [name, value];
        const call = (...args: readonly unknown[]): unknown => {
          try {
            return value.apply(part, args);
          } catch (error) {
            throw new WorkloadError(workload, `${prefix}${name}`, error);
          }
        };
        return [name, call];
      }),
    );
  const { generator, session } = workload;
  return {
    ...wrapped(workload, ''),
    generator: wrapped(generator, 'generator.'),
    ...(session !== undefined && { session: wrapped(session, 'session.') }),
  } as Workload;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
