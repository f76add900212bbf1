import assert from 'node:assert/strict';
import type { ArtifactClass } from '../../../protocol/artifact.ts';
import { ArtifactRegister } from '../../../server/register.ts';

const sha256 = 'cd'.repeat(32);
const artifact = (fileName: string, artifactClass: ArtifactClass = 'public') => ({
  entry: { sha256, sizeBytes: 1, fileName, class: artifactClass, format: 'none' } as const,
  content: { kind: 'memory', bytes: Buffer.from('x') } as const,
});

describe('register', () => {
  it('finds by digest and name together', () => {
    const register = new ArtifactRegister();
    register.add(artifact('a'));
    register.add(artifact('b'));
    assert.equal(register.find({ sha256, fileName: 'a' })?.entry.fileName, 'a');
    assert.equal(register.find({ sha256, fileName: 'c' }), undefined);
    assert.equal(register.find({ sha256: 'ef'.repeat(32), fileName: 'a' }), undefined);
  });

  it('never makes a secret public by a second registration', () => {
    const register = new ArtifactRegister();
    register.add(artifact('a', 'secret'));
    assert.equal(register.add(artifact('a')).class, 'secret');
    assert.deepEqual(register.listPublic(), []);
  });

  it('makes a public artifact secret when it is registered so', () => {
    const register = new ArtifactRegister();
    register.add(artifact('a'));
    register.add(artifact('a', 'secret'));
    assert.deepEqual(register.listPublic(), []);
  });

  it('forgets one name, or all of a digest', () => {
    const register = new ArtifactRegister();
    for (const name of ['b', 'a', 'c']) register.add(artifact(name));
    register.removeName({ sha256, fileName: 'b' });
    assert.deepEqual(
      register.listPublic().map((entry) => entry.fileName),
      ['a', 'c'],
    );
    register.remove(sha256);
    assert.deepEqual(register.listPublic(), []);
  });

  it('refuses a name that could be taken for a path', () => {
    assert.throws(() => new ArtifactRegister().add(artifact('../a')), { code: 'ERR_ARTIFACT_NAME' });
  });
});
