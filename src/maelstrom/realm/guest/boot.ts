// The realm's first and last word: what its host calls. Each call is one event of the simulation;
// the host drains the microtasks after it, and then the ticks that these left.
import type { Guest, Host } from '../host.js';
import { resetReadings } from './clock.js';
import { refuel } from './fuel.js';
import { installGlobals } from './globals.js';
import { startProgram } from './modules.js';
import { runDry, uncaught } from './process.js';
import { life, runTicks, ticks } from './state.js';
import { stdin } from './stdio.js';
import { fireTimer, isTimed } from './timers.js';

/** Makes the realm ready for its program. */
export function boot(host: Host): Guest {
  life.host = host;
  installGlobals();
  const caught = (error: unknown): void => uncaught(error, 'uncaughtException');
  const event = (work: () => void): void => {
    resetReadings();
    refuel();
    try {
      work();
    } catch (error) {
      caught(error);
    }
    runTicks(caught);
  };
  return {
    ticks,
    start: () => {
      let own = 0;
      event(() => {
        own = startProgram();
      });
      return own;
    },
    line: (text) => event(() => stdin.deliver(text)),
    timer: (id) => event(() => fireTimer(id)),
    runTicks: () => runTicks(caught),
    rejected: (promise) => {
      const tell = (error: unknown): void => uncaught(error, 'unhandledRejection', promise);
      Promise.prototype.then.call(promise as Promise<unknown>, undefined, tell);
    },
    settle: () => {
      if (!life.over && !stdin.active && !isTimed() && ticks.length === 0) runDry();
    },
  };
}
