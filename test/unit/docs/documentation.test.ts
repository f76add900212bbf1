/** Documentation is held to the code: generated pages are fresh, links resolve, README's commands exist. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_PAGES } from '../../../scripts/docs/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function listPages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs].filter((page) =>
    existsSync(join(ROOT, page)),
  );
}

function linksOf(page: string): string[] {
  return [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
    (match) => match[1] as string,
  );
}

describe('documentation', () => {
  for (const [path, render] of Object.entries(GENERATED_PAGES)) {
    it(`${path} is what \`make docs\` writes`, () => assert.equal(read(path), render()));
  }

  it('links inside the repository resolve', () => {
    const dead = listPages().flatMap((page) =>
      linksOf(page)
        .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    assert.deepEqual(dead, []);
  });

  it('names only make targets that exist', () => {
    const targets = new Set([...read('Makefile').matchAll(/^([a-z0-9-]+):/gm)].map((match) => match[1]));
    const named = listPages().flatMap((page) =>
      [...read(page).matchAll(/`make ([a-z0-9-]+)/g)].map((match) => match[1]),
    );
    assert.deepEqual(
      named.filter((name) => !targets.has(name)),
      [],
    );
  });
});
