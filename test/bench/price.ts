// `npm run price`: writes docs/price-of-exactly-once.md and its picture: what each guarantee costs
// on the same topology, load and crash, from simulation. The same seeds give the same page.
import { writeFileSync } from 'node:fs';
import { priceOf } from './price/figures.js';
import { page } from './price/page.js';
import { picture } from './price/picture.js';
import { variants } from './price/variants.js';

const prices = variants.map((variant) => {
  process.stderr.write(`${variant.label}\n`);
  return priceOf(variant);
});

writeFileSync('docs/price-of-exactly-once.svg', picture(prices));
writeFileSync('docs/price-of-exactly-once.md', page(prices));
