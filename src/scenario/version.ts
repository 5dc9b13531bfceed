// The versions that a trace and `--version` show. A test compares the package's with package.json.

/**
 * Stands in every trace. The same engine version, scenario, seed and edits give the same digest
 * everywhere; whatever changes a golden digest changes it, see CHANGELOG.md.
 */
export const engineVersion = '4';

/** The npm package's version. */
export const packageVersion = '0.1.0';
