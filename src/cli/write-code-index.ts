// A step of building the package: writes down where the code that scenarios name is to be found.
import { writeCodeIndex } from '../files/named-code.js';

await writeCodeIndex();
