#!/usr/bin/env node
// Where the program starts. `--version` imports nothing but the version; all else is loaded when a
// command needs it.
const args = process.argv.slice(2);

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { engineVersion, packageVersion } = await import('../scenario/version.js');
  process.stdout.write(`stormglass ${packageVersion} (engine ${engineVersion})\n`);
} else {
  const { tune } = await import('../files/tune.js');
  tune();
  const { guard } = await import('./guard.js');
  guard();
  const { processIo } = await import('./process-io.js');
  const { main } = await import('./program.js');
  process.exitCode = await main(args, processIo());
}
