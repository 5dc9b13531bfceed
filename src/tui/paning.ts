// Which pane is in focus, how far it is scrolled, and what Escape leaves.

import { relist } from './looking.js';
import { panes } from './panes/index.js';
import { stopShrinking } from './shrinking.js';
import type { Stepper } from './stepper.js';

export function changePane(stepper: Stepper, by: number): void {
  const names = [...panes.keys()];
  const at = names.indexOf(stepper.pane) + by;
  stepper.pane = names[((at % names.length) + names.length) % names.length] ?? 'state';
  stepper.paneTop = 0;
}

export function toggleZoom(stepper: Stepper): void {
  stepper.zoomed = !stepper.zoomed;
}

export function scrollPane(stepper: Stepper, by: number): void {
  stepper.paneTop = Math.max(0, stepper.paneTop + by);
}

/** Leaves what is nearest: playing, the zoom, the question, the filter, the pinned lane. */
export function leave(stepper: Stepper): void {
  if (stopShrinking(stepper)) return;
  if (stepper.playing !== undefined) stepper.playing = undefined;
  else if (stepper.zoomed) stepper.zoomed = false;
  else if (stepper.shown.events !== undefined) {
    stepper.filter = '';
    stepper.folded = false;
    relist(stepper);
  } else if (stepper.pinned) {
    stepper.pinned = false;
    stepper.follow();
  }
  stepper.said = undefined;
  if (stepper.pane === 'why') stepper.pane = 'state';
}

const speeds = { min: 1, max: 512, usual: 8 } as const;

export function togglePlay(stepper: Stepper): void {
  stepper.playing = stepper.playing === undefined ? { eventsPerSecond: speeds.usual } : undefined;
  if (stepper.playing !== undefined) stepper.say('playing; < slower, > faster, Space stops');
}

export function changeSpeed(stepper: Stepper, factor: number): void {
  const { eventsPerSecond } = stepper.playing ?? { eventsPerSecond: speeds.usual };
  const wanted = Math.min(speeds.max, Math.max(speeds.min, eventsPerSecond * factor));
  stepper.playing = { eventsPerSecond: wanted };
  stepper.say(`playing ${wanted} events a second`);
}
