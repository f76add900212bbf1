import assert from 'node:assert/strict';
import { matchPath } from '../../../../scheduler/api/route.ts';

const TEMPLATE = '/v1/instances/{instance}/restart';

function valueOf(name: string): string | undefined {
  return matchPath(TEMPLATE, `/v1/instances/${name}/restart`)?.instance;
}

describe('the path of a route', () => {
  it('gives its parameters, decoded', () => {
    assert.equal(valueOf('worker-0'), 'worker-0');
    assert.equal(valueOf('worker-%2A'), 'worker-*');
    assert.equal(valueOf('%5B2001:db8::1%5D'), '[2001:db8::1]');
  });

  it('takes no name that leads elsewhere, is empty, or cannot be written in a log', () => {
    const names = ['.', '..', '%2e%2e', 'a%2Fb', '..%2F..', 'a%00', 'a%0Ab', 'a%20b', '%', '%C0%AF', '%22'];
    for (const name of [...names, 'x'.repeat(256)]) assert.equal(valueOf(name), undefined, name);
    assert.equal(matchPath(TEMPLATE, '/v1/instances//restart'), undefined);
  });

  it('is whole: nothing before or after it', () => {
    assert.equal(matchPath('/v1/status', '/v1/status/x'), undefined);
    assert.equal(matchPath('/v1/status', '/x/v1/status'), undefined);
    assert.equal(matchPath('/v1/openapi.json', '/v1/openapi-json'), undefined);
  });
});
