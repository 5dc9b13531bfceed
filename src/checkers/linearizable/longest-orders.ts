// How far one can get before an operation that is impossible, and in which order: the longest
// partial linearizations of a bad prefix, and the states that they pass through.
import { Automaton } from './automaton.js';
import type { Bounds, Outcome } from './bounds.js';
import { searchGenerally } from './general-search.js';
import type { Model } from './model.js';
import { never, type Operation } from './operation.js';
import { Partials } from './partials.js';
import { prefixOf } from './prefix.js';
import { kindOf } from './register-action.js';
import { type RegisterPart, registerPartOf } from './register-part.js';
import { searchRegister } from './register-search.js';
import { open, type Part } from './timeline.js';

/** Positions in a prefix, in the order in which they take effect. */
export type Order = readonly number[];

/** How many orders are shown. */
const ordersMax = 8;

/** Orders of all that returned before the event of rank `end`, the last of a bad prefix. */
export function longestOrders(
  prefix: Part,
  model: Model,
  end: number,
  bounds: Bounds,
): readonly Order[] {
  const orders = ordersIn(prefix, model, end, bounds);
  // What the last one was told can rule out even what came before: then it is left open.
  return orders.length > 0 ? orders : ordersIn(prefixOf(prefix, end - 1), model, end, bounds);
}

function ordersIn(part: Part, model: Model, end: number, bounds: Bounds): readonly Order[] {
  const registers = registerPartOf(part, model);
  if (registers !== undefined) return registerOrders(registers, end, bounds).orders;
  const found = new Partials(end, ordersMax);
  const automaton = new Automaton(model, part.operations);
  searchGenerally(part, automaton, bounds, found);
  return found.orders.map((order) => named(order, part, automaton.actionOf));
}

/** The same of a register, and what the search found out meanwhile; it may give up early. */
export function registerOrders(
  registers: RegisterPart,
  end: number,
  bounds: Bounds,
  frugal = false,
): { readonly orders: readonly Order[]; readonly outcome: Outcome } {
  const partials = new Partials(end, ordersMax);
  const { classes, outcome } = searchRegister(registers, bounds, { frugal, partials });
  const { part, kinds } = registers;
  // What is learned later of those that change nothing is not told.
  const happened = (at: number) =>
    (part.returns[at] as number) < end || kinds[at] === kindOf.write || kinds[at] === kindOf.cas;
  const orders = partials.orders.map((order) =>
    named(order, part, classes.classOf).filter(happened),
  );
  return { orders, outcome };
}

/** Puts operations for entries −1 − kind: those of unknown outcome, by call. */
function named(entries: readonly number[], part: Part, kindOf: Int32Array): Order {
  /** By kind: where to look for the next one. */
  const next = new Map<number, number>();
  return entries.map((entry) => {
    if (entry >= 0) return entry;
    const kind = -1 - entry;
    let at = next.get(kind) ?? 0;
    while (part.returns[at] !== open || kindOf[at] !== kind) at++;
    next.set(kind, at + 1);
    return at;
  });
}

/**
 * The state after each operation of an order. Of the one whose answer is impossible there only the
 * effect counts.
 */
export function statesOf(prefix: Part, model: Model, order: Order): readonly unknown[] {
  let state = model.init;
  return order.map((at) => {
    const { f, input, output, client, return: done } = prefix.operations[at] as Operation;
    const told = { f, input, output, known: true, client };
    const untold = { ...told, output: undefined, known: false };
    const after = done === never ? undefined : model.step(state, told);
    const effect = after === undefined ? model.step(state, untold) : after;
    // States can be null.
    state = effect === undefined ? state : effect;
    return state;
  });
}
