// The disk of a served node: in memory. A process that ends takes it along, as a crash with the
// loss of everything would.
import { clone, type Plain } from '../../kernel/plain.js';
import type { Store, Timer } from '../../node/protocol.js';

/** A store whose syncs complete when `sync` calls back. */
export class MemoryStore implements Store {
  readonly #values = new Map<string, Plain>();
  readonly #sync: (done: Timer) => void;

  constructor(sync: (done: Timer) => void) {
    this.#sync = sync;
  }

  read(key: string): Plain {
    return clone(this.#values.get(key));
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  write(key: string, value: Plain): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, clone(value));
  }

  sync(done: Timer): void {
    this.#sync(done);
  }
}
