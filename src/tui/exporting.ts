// `:export FORMAT [FILE]`: the run at hand as a file for other programs, as by `stormglass export`.
import { existsSync } from 'node:fs';
import { openOutput } from '../files/output-file.js';
import { type Export, stretchOf } from '../scenario/exports/export.js';
import { exports } from '../scenario/exports/index.js';
import { nearest } from '../scenario/nearest.js';
import { complainedOf, freshPath } from './save.js';
import type { Stepper } from './stepper.js';

/** The names of the formats. */
export const formatNames: readonly string[] = [...exports.keys()];

export function exportRun(stepper: Stepper, rest: string): void {
  const [name = '', ...words] = rest.split(/\s+/);
  const format = exports.get(name);
  if (format === undefined) {
    const meant = nearest(name, formatNames);
    const known = `the formats are ${formatNames.join(', ')}`;
    const text = name === '' ? known : `there is no format ${name}; `;
    const more = meant === undefined ? known : `did you mean ${meant}?`;
    return stepper.say(name === '' ? text : text + more, true);
  }
  if (stepper.track.run === undefined) {
    return stepper.say('the branch is still running: its verdict belongs into the file');
  }
  const path = words.join(' ') || freshPath(stepper, format.extension);
  if (existsSync(path)) return stepper.say(`${path} is there already; choose another name`, true);
  complainedOf(stepper, () => write(stepper, format, path));
}

function write(stepper: Stepper, format: Export, path: string): void {
  const { branch, origin, track } = stepper;
  const whole = { from: undefined, to: undefined };
  const stretch = stretchOf(track, whole, format.eventsMax);
  const which = branch.change === undefined ? '' : `, ${branch.name}: ${branch.change.about}`;
  const title = `${origin.path.replace(/^.*[/\\]/, '')}, seed ${track.seed}${which}`;
  const output = openOutput(path, 'export');
  output.write(Buffer.from(format.write({ track, ...stretch, title })));
  output.commit();
  const isPart = stretch.to - stretch.from < track.timeline.length;
  const part = isPart ? `, events ${stretch.from} to ${stretch.to - 1}` : '';
  stepper.say(`exported to ${path}${part}`);
}
