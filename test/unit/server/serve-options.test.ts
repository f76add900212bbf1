import assert from 'node:assert/strict';
import { selectAddress } from '../../../server/advertised-hosts.ts';
import { parseServeOptions } from '../../../server/serve-options.ts';

describe('serve options', () => {
  it('has the documented defaults', () => {
    assert.deepEqual(parseServeOptions(['dist']), {
      folder: 'dist',
      bindHost: '0.0.0.0',
      advertisedHosts: [],
      certificateDirectory: 'certs',
      tlsPort: 8443,
      plainPort: 8080,
    });
  });

  it('takes every option', () => {
    const argv = 'dist --port 0 --plain-port 81 --bind ::1 --advertise a --advertise b --certs /c'.split(' ');
    assert.deepEqual(parseServeOptions(argv), {
      folder: 'dist',
      bindHost: '::1',
      advertisedHosts: ['a', 'b'],
      certificateDirectory: '/c',
      tlsPort: 0,
      plainPort: 81,
    });
  });

  it('leaves out a listener', () => {
    assert.equal(parseServeOptions(['d', '--no-tls'])?.tlsPort, undefined);
    assert.equal(parseServeOptions(['d', '--no-plain'])?.plainPort, undefined);
  });

  it('answers undefined when help is asked for', () => {
    assert.equal(parseServeOptions(['--help']), undefined);
  });

  const wrong: [string[], RegExp][] = [
    [[], /Give one folder/],
    [['a', 'b'], /Give one folder/],
    [['a', '--port', '65536'], /--port is '65536'/],
    [['a', '--plain-port', '-1'], /--plain-port/],
    [['a', '--prot', '1'], /--prot/],
    [['a', '--no-tls', '--no-plain'], /nothing to listen on/],
  ];
  for (const [argv, message] of wrong) {
    it(`refuses '${argv.join(' ')}'`, () =>
      assert.throws(() => parseServeOptions(argv), { code: 'ERR_COMMAND_USAGE', message }));
  }
});

describe('advertised address', () => {
  const address = (text: string, family: 'IPv4' | 'IPv6', internal = false) => ({
    address: text,
    family,
    internal,
    netmask: '',
    mac: '',
    cidr: null,
    scopeid: 0,
  });
  it('is an outer IPv4 address before any IPv6 one', () => {
    const all = [
      address('127.0.0.1', 'IPv4', true),
      address('169.254.1.1', 'IPv4'),
      address('2001:db8::1', 'IPv6'),
      address('10.0.0.5', 'IPv4'),
    ];
    assert.equal(selectAddress(all), '10.0.0.5');
    assert.equal(selectAddress(all.slice(0, 3)), '2001:db8::1');
    assert.equal(selectAddress(all.slice(0, 2)), undefined);
  });
});
