// The registry of sequential models: a new one is one file and one line here.
import type { Model } from '../model.js';
import { counter } from './counter.js';
import { fifoQueue } from './fifo-queue.js';
import { lock, mutex } from './mutex.js';
import { casRegister, kv, log, register } from './registers.js';
import { set } from './set.js';

/** Models by name. */
export const models: ReadonlyMap<string, Model> = new Map<string, Model>(
  [casRegister, counter, fifoQueue, kv, lock, log, mutex, register, set].map((model) => [
    model.name,
    model as Model,
  ]),
);
