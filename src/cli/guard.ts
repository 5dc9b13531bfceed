// The last net: what is thrown outside all handlers and commands, by a promise or a timer that a
// user's module left behind. It is that module's mistake, and is told as such.

const usageCode = 64;

/** From now on such an error ends the process with one clear message. */
export function guard(): void {
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

function tell(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const place = error instanceof Error ? foreignFrame(error.stack ?? '') : '';
  process.stderr.write(
    `error  code outside every handler failed: ${message}${place}\n` +
      '       Handlers are synchronous: no promises, no timers but those of the context.\n',
  );
  process.exit(usageCode);
}

/** Where in the user's code, if the stack says so. */
function foreignFrame(stack: string): string {
  const here = new URL('..', import.meta.url).href;
  const frame = stack
    .split('\n')
    .slice(1)
    .find((line) => !line.includes(here) && !line.includes('node:'));
  return frame === undefined ? '' : `\n       ${frame.trim()}`;
}
