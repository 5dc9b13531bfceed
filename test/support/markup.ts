// Whether markup is well formed: every tag closed in its turn, every ampersand of an entity.

/** What is wrong; `undefined` if nothing is. Void elements of HTML need no end. */
export function flawOfMarkup(markup: string): string | undefined {
  const open: string[] = [];
  const text = markup.replace(/<!doctype html>/, '').replace(/<style>[^<]*<\/style>/g, '');
  for (const match of text.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|[<>]/g,
  )) {
    const [whole, end, name, , empty] = match;
    if (name === undefined) return `a stray ${whole} at ${match.index}`;
    if (empty === '/' || ['meta', 'br'].includes(name)) continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) return `</${name}> at ${match.index} ends nothing`;
  }
  if (open.length > 0) return `${open.at(-1)} is never closed`;
  const stray = /&(?!(amp|lt|gt|quot|nbsp|#\d+);)/.exec(text);
  return stray === null ? undefined : `a stray & at ${stray.index}`;
}
