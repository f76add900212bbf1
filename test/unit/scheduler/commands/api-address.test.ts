import assert from 'node:assert/strict';
import { toApiAddress } from '../../../../scheduler/commands/api-address.ts';

function refuse(values: Record<string, string>, message: RegExp): void {
  assert.throws(() => toApiAddress(values, 'u'), { code: 'ERR_COMMAND_LINE', message });
}

describe('the address of a scheduler', () => {
  it('is a state directory, by default that of make up', () => {
    assert.equal(toApiAddress({}, 'u'), '.stevedore/run/state');
    assert.equal(toApiAddress({ 'state-dir': '/x' }, 'u'), '/x');
  });

  it('is never a URL that would send the token in the clear, or elsewhere', () => {
    for (const api of ['http://h:1', 'h:1', 'https://u:p@h:1', 'https://h:1/path', 'https://h:1/?x=1', ''])
      refuse({ api, 'token-file': '/dev/null' }, /not https:\/\/host:port/);
  });

  it('is one thing, with what belongs to it', () => {
    refuse({ api: 'https://h:1' }, /needs --token-file/);
    refuse({ api: 'https://h:1', 'token-file': 't', 'state-dir': '/x' }, /not both/);
    refuse({ 'token-file': 't' }, /go with --api/);
    assert.throws(() => toApiAddress({ api: 'https://h:1', 'token-file': '/nowhere/token' }, 'u'), {
      code: 'ERR_API_FILE',
    });
  });
});
