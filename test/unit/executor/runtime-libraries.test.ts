import assert from 'node:assert/strict';
import { parseLdd } from '../../../scripts/build/runtime-libraries.ts';

const GLIBC = `	linux-vdso.so.1 (0x00007ffbadfaa000)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007ffbadeb4000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007ffbada1e000)
	/lib64/ld-linux-x86-64.so.2 (0x00007ffbadfac000)
`;

describe('libraries of the bundle', () => {
  it('are those that ldd resolves, and the loader', () => {
    assert.deepEqual(parseLdd(GLIBC), {
      loader: '/lib64/ld-linux-x86-64.so.2',
      libraries: ['/lib/x86_64-linux-gnu/libm.so.6', '/lib/x86_64-linux-gnu/libc.so.6'],
    });
  });

  it('are refused when a library is missing on the machine that builds', () => {
    assert.throws(
      () => parseLdd(GLIBC.replace('/lib/x86_64-linux-gnu/libm.so.6 (0x00007ffbadeb4000)', 'not found')),
      /libm\.so\.6/,
    );
  });

  it('need a loader, which a static executable has not', () => {
    assert.throws(() => parseLdd('	not a dynamic executable\n'), { code: 'ERR_BUNDLE_LOADER' });
  });
});
