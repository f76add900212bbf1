import assert from 'node:assert/strict';
import type { ArtifactClass } from '../../../protocol/artifact.ts';
import { ArtifactRegister, type RegisteredArtifact } from '../../../server/register.ts';

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

  it('keeps copies of small files up to a limit, and takes new ones when others have gone', () => {
    const register = new ArtifactRegister();
    const identity = { sizeBytes: 65_536, modifiedNs: '1', inode: '1' };
    const bytes = new Uint8Array(65_536);
    const isKept = (fileName: string) => {
      const { content } = register.find({ sha256, fileName }) as RegisteredArtifact;
      return content.kind === 'file' && content.bytes !== undefined;
    };
    const add = (fileName: string) => {
      const { entry } = artifact(fileName);
      register.add({ entry, content: { kind: 'file', path: '/x', identity, bytes } });
      return isKept(fileName);
    };
    assert.ok(Array.from({ length: 512 }, (_, index) => add(`file-${index}`)).every(Boolean));
    assert.equal(add('one-more'), false);
    assert.equal(add('file-7'), true, 'registered again, it takes its own place');
    register.removeName({ sha256, fileName: 'file-3' });
    assert.equal(add('one-more'), true);
    register.remove(sha256);
    assert.equal(add('after'), true);
  });

  it('refuses a name that could be taken for a path', () => {
    assert.throws(() => new ArtifactRegister().add(artifact('../a')), { code: 'ERR_ARTIFACT_NAME' });
  });
});
