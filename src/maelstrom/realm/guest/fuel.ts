// How much a program may do in one event: so many turns of loops and calls of functions. Whoever
// does more has a loop without an end, and its program is over.
import { Exit, endLife, life } from './state.js';

/** A tenth of a second of an empty loop; far more than an honest event needs. */
const turnsMax = 30_000_000;
/** What a call counts for: what it leaves behind takes memory. */
const callPrice = 15;
/** What a piece of output counts for. */
const outputPrice = 1_000;

const tank = { left: turnsMax };

/** A new event has begun. */
export function refuel(): void {
  tank.left = turnsMax;
}

/** A turn of a loop; of a function, a call. */
export function burn(price = 1): void {
  tank.left -= price;
  if (tank.left < 0) runsOut();
}

export const burnCall = (): void => burn(callPrice);

/** Something was printed. */
export const burnOutput = (): void => burn(outputPrice);

function runsOut(): never {
  const error = new Exit('the program has ended');
  if (!life.over) {
    const turns = `${turnsMax / 1e6} million turns`;
    const calls = `${turnsMax / callPrice / 1e6} million calls`;
    const message = `a loop without an end: it took over ${turns}, or ${calls}, in one event`;
    const stack = (error.stack ?? '').split('\n').slice(1).join('\n');
    const reason = 'it did not come to the end of an event';
    endLife({ code: 1, error: { message, stack: `${message}\n${stack}` }, reason, endless: true });
  }
  throw error;
}
