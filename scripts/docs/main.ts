/** Writes the generated pages of docs/ anew. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED_PAGES } from './pages.ts';

for (const [path, render] of Object.entries(GENERATED_PAGES)) {
  writeFileSync(join(import.meta.dirname, '../..', path), render());
  console.log(`wrote ${path}`);
}
