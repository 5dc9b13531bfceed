// What `stormglass merge-reports` adds up: the report of one shard, as it is.
import { join } from 'node:path';
import type { HuntReport } from '../report.js';
import type { Reporter } from '../reporter.js';

/** Where blobs are, unless told otherwise. */
export const blobDirectory = '.stormglass-reports';

export const blob: Reporter = {
  name: 'blob',
  about: `A file for \`merge-reports\`, in ${blobDirectory} unless --output-file says otherwise.`,
  file: ({ shard }: HuntReport) => {
    const name = shard === undefined ? 'blob' : `blob-${shard.index + 1}-${shard.count}`;
    return join(blobDirectory, `${name}.json`);
  },
  ended: (report, page) => page.write(`${JSON.stringify(report)}\n`),
};
