import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOGUE } from '../../../protocol/errors/catalogue.ts';
import { StevedoreError, StevedoreErrors } from '../../../protocol/errors.ts';

const AREAS = join(import.meta.dirname, '../../../protocol/errors');

async function listCodes(): Promise<string[]> {
  const areas = readdirSync(AREAS).filter((name) => !['catalogue.ts', 'entry.ts'].includes(name));
  const modules = await Promise.all(
    areas.map(async (name): Promise<object> => await import(join(AREAS, name))),
  );
  return modules.flatMap((module) =>
    Object.values(module).flatMap((entries: object) => Object.keys(entries)),
  );
}

describe('error catalogue', () => {
  it('has every code once, and all of every area', async () => {
    const codes = await listCodes();
    assert.deepEqual(codes.toSorted(), Object.keys(ERROR_CATALOGUE).toSorted());
  });

  it('says what to do for every code, unless the problem that it carries does', () => {
    const silent = Object.entries(ERROR_CATALOGUE).filter(
      ([, { text, advice }]) => advice === '' && !text.includes('{problem}'),
    );
    assert.deepEqual(silent, []);
  });

  it('fills the values into the text', () => {
    const error = new StevedoreError('ERR_DURATION_SYNTAX', { value: 'soon' });
    assert.match(error.message, /^'soon' is no duration\. Write a number/);
    assert.equal(new StevedoreErrors([error, error]).message.split('\n').length, 2);
  });
});
