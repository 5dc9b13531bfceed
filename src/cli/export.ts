// `stormglass export`: a run, or a stretch of it, for other programs to show.
import { basename } from 'node:path';
import { openOutput } from '../files/output-file.js';
import { stretchOf } from '../scenario/exports/export.js';
import { exports } from '../scenario/exports/index.js';
import { nearest } from '../scenario/nearest.js';
import { oneOf, quoted } from '../scenario/problems.js';
import { usageError } from '../scenario/usage-error.js';
import type { Io } from './io.js';
import { counted, grouped } from './layout.js';
import { eventNumber } from './places.js';
import { openSource, type SourceFlags, wholeTrack } from './source.js';

export interface ExportFlags extends SourceFlags {
  readonly format: string;
  readonly out?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Writes an export; the answer is the exit code. */
export async function exportRun(file: string, flags: ExportFlags, io: Io): Promise<number> {
  const format = exports.get(flags.format);
  if (format === undefined) {
    const names = [...exports.keys()];
    throw usageError(`there is no format ${quoted(flags.format)}`, {
      expected: oneOf(names),
      nearest: nearest(flags.format, names),
    });
  }
  const source = await openSource(file, flags, io);
  const track = await wholeTrack(source, io);
  if (typeof track === 'number') return track;
  const from = eventNumber('--from', flags.from, track);
  const to = eventNumber('--to', flags.to, track);
  const stretch = stretchOf(track, { from, to }, format.eventsMax);
  const title = `${basename(source.path)}, seed ${source.seed}`;
  const text = format.write({ track, ...stretch, title });
  if (flags.out === undefined) io.stdout.write(text);
  else {
    const output = openOutput(flags.out, 'export');
    output.write(Buffer.from(text));
    output.commit();
  }
  const { length } = track.timeline;
  if (stretch.to - stretch.from < length) {
    const shown = `events ${stretch.from} to ${stretch.to - 1} of ${grouped(length)}`;
    io.stderr.write(
      `${shown}; ${counted(format.eventsMax, 'event')} at most, see --from and --to\n`,
    );
  }
  return 0;
}
