import assert from 'node:assert/strict';
import type { OfferConstraints } from '../../../../protocol/mesos/offer-constraints.ts';
import { toFrameworkInfo, toSubscription } from '../../../../scheduler/mesos/framework-info.ts';
import { FrameworkIntroduction } from '../../../../scheduler/mesos/framework-introduction.ts';
import { isAtLeast } from '../../../../scheduler/mesos/master-version.ts';
import type { FrameworkOptions } from '../../../../scheduler/scheduler-options.ts';

const framework: FrameworkOptions = {
  name: 'test',
  roles: ['a/b', 'c'],
  user: 'svc',
  failoverTimeoutSeconds: 60,
};
const offerConstraints: OfferConstraints = {
  role_constraints: {
    c: {
      groups: [
        {
          attribute_constraints: [
            { selector: { attribute_name: 'rack' }, predicate: { text_equals: { value: 'r1' } } },
          ],
        },
      ],
    },
  },
};

describe('framework info', () => {
  it('carries roles, labels, host, page and the capabilities that were asked for', () => {
    const info = toFrameworkInfo(
      {
        ...framework,
        labels: { team: 'data' },
        hostname: 'h',
        webUrl: 'https://h/',
        capabilities: ['GPU_RESOURCES', 'REGION_AWARE'],
      },
      'F',
      'http://service/',
    );
    assert.deepEqual(info.roles, ['a/b', 'c']);
    assert.deepEqual(info.labels, { labels: [{ key: 'team', value: 'data' }] });
    assert.deepEqual([info.hostname, info.webui_url, info.id?.value], ['h', 'https://h/', 'F']);
    assert.deepEqual(info.capabilities?.map(({ type }) => type).slice(-2), ['GPU_RESOURCES', 'REGION_AWARE']);
  });

  it('names no role twice, which Mesos refuses', () => {
    assert.deepEqual(toFrameworkInfo({ ...framework, roles: ['a', 'a'] }, undefined, undefined).roles, ['a']);
  });

  it('subscribes with both ids, offer constraints and suppressed roles', () => {
    const call = toSubscription(framework, 'F', { offerConstraints, suppressedRoles: ['c'] });
    assert.ok(call.type === 'SUBSCRIBE');
    assert.equal(call.framework_id?.value, call.subscribe.framework_info.id?.value);
    assert.deepEqual(call.subscribe.offer_constraints, offerConstraints);
    assert.deepEqual(call.subscribe.suppressed_roles, ['c']);
  });
});

describe('what Mesos was told about the framework', () => {
  function subscribed(version: string | undefined) {
    const introduction = new FrameworkIntroduction(framework);
    introduction.subscribe(undefined, { webUrl: 'http://one/' });
    introduction.subscribed('F', version);
    return introduction;
  }

  it('is updated once by a call where the master knows it', () => {
    const introduction = subscribed('1.9.0');
    assert.equal(introduction.update({ webUrl: 'http://one/' }), undefined);
    const facts = { webUrl: 'http://two/', offerConstraints, suppressedRoles: ['c'] };
    const call = introduction.update(facts);
    assert.ok(call?.type === 'UPDATE_FRAMEWORK');
    assert.equal(call.framework_id.value, 'F');
    assert.equal(call.update_framework.framework_info.id?.value, 'F');
    assert.equal(call.update_framework.framework_info.webui_url, 'http://two/');
    // A list that is left out would make Mesos offer all roles again.
    assert.deepEqual(call.update_framework.suppressed_roles, ['c']);
    assert.equal(introduction.update(structuredClone(facts)), undefined);
  });

  it('waits for the next subscription where the master does not, or nobody is connected', () => {
    assert.equal(subscribed('1.8.1').update({ webUrl: 'http://two/' }), undefined);
    assert.equal(subscribed(undefined).update({ webUrl: 'http://two/' }), undefined);
    const introduction = subscribed('1.11.0');
    introduction.disconnected();
    assert.equal(introduction.update({ webUrl: 'http://two/' }), undefined);
  });

  it('knows versions by number, not by text', () => {
    assert.ok(isAtLeast('1.11.0', 1, 9));
    assert.ok(isAtLeast('1.12.0-dev', 1, 11));
    assert.ok(isAtLeast('2.0', 1, 9));
    assert.ok(!isAtLeast('1.8.1', 1, 9));
    assert.ok(!isAtLeast('dev', 1, 9));
  });
});
