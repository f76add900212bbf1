/** Documentation is held to the code: generated pages are fresh, links resolve, README's commands exist. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listKeys } from '../../../config/option-table.ts';
import { OTHER_ROUTES } from '../../../scheduler/api/other-routes.ts';
import { ROUTES } from '../../../scheduler/api/routes.ts';
import { ALLUXIO_OPTIONS } from '../../../scheduler/alluxio/option-table.ts';
import { METRICS } from '../../../scheduler/metrics/metric-table.ts';
import { COMMANDS } from '../../../scripts/commands.ts';
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

/** Anchors of a page as its headings give them: lower case, spaces as dashes, nothing else but letters and digits. */
function anchorsOf(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) => match[1] as string);
  const plain = headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, ''));
  return new Set(plain.map((heading) => heading.replaceAll(' ', '-')));
}

/** `[page of the anchor, anchor]` of each link to a heading. */
function anchorLinksOf(page: string): [string, string][] {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*\.md)?#([^)]+)\)/g)];
  return links.map(([, file, anchor]) => [file ? join(dirname(page), file) : page, anchor as string]);
}

/** Of every file of errors, whether or not the catalogue has it. */
function listErrorCodes(): Set<string> {
  const files = readdirSync(join(ROOT, 'protocol/errors')).map((name) => read(`protocol/errors/${name}`));
  return new Set(
    files.flatMap((text) => [...text.matchAll(/^ {2}(ERR_\w+):/gm)].map(([, code]) => code as string)),
  );
}

function listMissing(page: string, names: readonly string[]): string[] {
  const text = read(page);
  return names.filter((name) => !text.includes(`\`${name}\``));
}

/** What pages written by hand name, and is not there. */
function listUnknown(pattern: RegExp, isKnown: (name: string) => boolean): string[] {
  return listPages().flatMap((page) =>
    [...read(page).matchAll(pattern)]
      .map(([name]) => name)
      .filter((name) => !isKnown(name))
      .map((name) => `${page}: ${name}`),
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

  it('links to headings resolve', () => {
    const dead = listPages().flatMap((page) =>
      anchorLinksOf(page)
        .filter(([file, anchor]) => !anchorsOf(file).has(anchor))
        .map(([file, anchor]) => `${page}: ${file}#${anchor}`),
    );
    assert.deepEqual(dead, []);
  });

  it('each page of docs can be reached from README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached)
      for (const link of linksOf(page).filter((path) => path.endsWith('.md')))
        reached.add(join(dirname(page), link));
    assert.deepEqual(
      listPages().filter((page) => !reached.has(page)),
      [],
    );
  });

  it('has every option, error, route, metric and command on its page', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`).concat(
      OTHER_ROUTES.map(({ path }) => `GET ${path}`),
    );
    const commands = Object.keys(COMMANDS).filter((name) => name !== 'help');
    assert.deepEqual(
      {
        options: listMissing('docs/alluxio-reference.md', Object.values(ALLUXIO_OPTIONS).flatMap(listKeys)),
        errors: listMissing('docs/errors.md', [...listErrorCodes()]),
        routes: listMissing('docs/api.md', routes),
        metrics: listMissing('docs/metrics.md', Object.keys(METRICS)),
        commands: listMissing(
          'docs/cli.md',
          commands.map((name) => `stevedore ${name}`),
        ),
      },
      { options: [], errors: [], routes: [], metrics: [], commands: [] },
    );
  });

  it('names only errors and metrics that exist', () => {
    const codes = listErrorCodes();
    assert.deepEqual(
      listUnknown(/\bERR_[A-Z][A-Z0-9_]*\b/g, (code) => codes.has(code)),
      [],
    );
    assert.deepEqual(
      listUnknown(/\bstevedore_\w+/g, (name) => name.replace(/_bucket$/, '') in METRICS),
      [],
    );
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
