// What a sequential model is: an object as it would behave if operations came one at a time.
import type { ValueKey } from '../../history/value.js';
import type { CounterAction } from './counter-action.js';
import type { Operation } from './operation.js';
import type { QueueAction } from './queue-action.js';
import type { Refusals } from './refusals.js';
import type { RegisterAction } from './register-action.js';
import type { SetAction } from './set-action.js';

/** What a model sees of an operation. */
export interface Action {
  readonly f: string;
  readonly input: unknown;
  /** undefined where the outcome is unknown. */
  readonly output: unknown;
  /** Whether the client was told an outcome; where it was not, any outcome is right. */
  readonly known: boolean;
  readonly client: number;
}

/**
 * A sequential model, purely functional. `State` is never `undefined`. Only `name`, `about`, `init`
 * and `step` are needed; the rest makes the search faster and never changes a verdict.
 */
export interface Model<State = unknown> {
  readonly name: string;
  readonly about: string;
  readonly init: State;
  /** The state after `action`, or undefined where the action cannot have had its outcome. */
  step(state: State, action: Action): State | undefined;
  /** Operations of different partitions do not affect each other; by default, of different keys. */
  partition?(operation: Operation): unknown;
  /** Equal for equal states and for no others; by default, one for equal plain values. */
  stateKey?(state: State): ValueKey;
  /** Whether an action leaves every state as it is, whatever its outcome. */
  observes?(action: Action): boolean;
  /** Whether the step looks at the client. By default it does not. */
  readonly clients?: boolean;
  /** Every value in a history is `[key, value]`. */
  readonly keyed?: boolean;
  /** Errors that are answers: the step is asked with the name of the error as the output. */
  readonly refusals?: Refusals;
  /** What the action is to a register; a model that has this is a register of this kind. */
  register?(action: Action): RegisterAction;
  /** What the action is to a set; a model that has this is a set, its state the list of members. */
  set?(action: Action): SetAction;
  /** What the action is to a queue; a model that has this is a FIFO queue of values. */
  queue?(action: Action): QueueAction;
  /** What the action is to a counter; a model that has this is a counter, its state a number. */
  counter?(action: Action): CounterAction;
}

/** Thrown where a history does what a model does not know. */
export class UnknownActionError extends TypeError {
  override readonly name = 'UnknownActionError';

  constructor(model: string, known: readonly string[], action: Action) {
    super(`the model ${model} knows ${known.join(', ')}, but a history has ${action.f}`);
  }
}
