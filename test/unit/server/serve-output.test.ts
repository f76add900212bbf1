import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { ServeOutput } from '../../../server/serve-output.ts';

const entry = {
  sha256: 'ab'.repeat(32),
  sizeBytes: 10,
  fileName: 'a.tgz',
  class: 'public',
  format: 'tar.gz',
} as const;

function createOutput(isTTY: boolean) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on('data', (text: Buffer) => written.push(text.toString()));
  return { written, output: new ServeOutput(stream, '/dist') };
}

describe('serve output', () => {
  it('shows hashing on one line of a terminal', () => {
    const { written, output } = createOutput(true);
    const hashing = output.hashing('/dist/below/a.tgz');
    hashing(1024, 2048);
    hashing(2048, 2048);
    assert.equal(written[0], '\r\u001b[2Khashing below/a.tgz: 1.0 KiB of 2.0 KiB');
    assert.ok(!written.join('').includes('\n'));
  });

  it('cuts that line to the width of the terminal', () => {
    const { written, output } = createOutput(true);
    output.hashing(`/dist/${'long'.repeat(50)}`)(1024, 2048);
    assert.equal(written[0]?.length, '\r\u001b[2K'.length + 79);
  });

  it('writes one line per file elsewhere', () => {
    const { written, output } = createOutput(false);
    const hashing = output.hashing('/dist/a.tgz');
    hashing(1024, 2048);
    hashing(2048, 2048);
    assert.deepEqual(written, ['hashed a.tgz, 2.0 KiB\n']);
  });

  it('holds artifacts back until the ports are known', () => {
    const { written, output } = createOutput(false);
    output.added('/dist/a.tgz', entry);
    assert.deepEqual(written, []);
    output.listening({ tls: undefined, plainUrl: 'http://h:1', close: () => Promise.resolve() });
    assert.match(written.join(''), /"value":"http:\/\/h:1\/artifacts\/abab/);
  });
});
