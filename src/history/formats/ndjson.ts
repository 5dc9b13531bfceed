// Our own histories, line by line: see ../ndjson.ts, which defines the format.
import { columnNear, columnOf, type Fields, recordIn } from '../json-line.js';
import { type HistoryHeader, headerIn, opIn } from '../ndjson.js';
import {
  type About,
  Collector,
  type Format,
  lineReader,
  noAbout,
  type Reader,
} from './recording.js';

export const ndjson: Format = {
  name: 'ndjson',
  about: "Stormglass' own: JSON lines, one for each invocation and each completion.",
  aliases: ['stormglass'],
  recognizes: (line) => /^\s*\{/.test(line) && /"(?:timeUs|process)"|stormglass-history/.test(line),
  open,
};

function open(): Reader {
  const collector = new Collector();
  let header: HistoryHeader | undefined;
  return lineReader(
    (line, number) => {
      const record = recordIn(line, number, 'an operation');
      if (Object.hasOwn(record, 'format') && collector.count === 0 && header === undefined) {
        header = headerIn(record, line, number);
        return;
      }
      const op = opIn(record, collector.count, line, number);
      const place = { line: number, column: columnNear(line, 'f') };
      collector.add(op, place, (field) => columnOf(line, field));
    },
    () => collector.recording(aboutOf(header ?? {})),
  );
}

/** A header may have a checker's options, and among them or beside them the model. */
function aboutOf(header: Fields): About {
  const { options: found } = header;
  const options = typeof found === 'object' && found !== null ? (found as Fields) : {};
  const model = options.model ?? header.model;
  return { ...noAbout, model: typeof model === 'string' ? model : undefined, options };
}
