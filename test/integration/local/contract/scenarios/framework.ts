/** UPDATE_FRAMEWORK, what it refuses, offer constraints and the least that is offered. */
import type { Conversation } from '../conversation.ts';
import { ROLE } from './wording.ts';

const INFO = {
  user: 'root',
  name: 'contract',
  checkpoint: true,
  failover_timeout: 60,
  roles: [ROLE],
  capabilities: ['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'].map((type) => ({ type })),
};

const any = (): boolean => true;

function constrained(...attribute_constraints: object[]): object {
  return { role_constraints: { [ROLE]: { groups: [{ attribute_constraints }] } } };
}

function attribute(name: string, predicate: object): object {
  return { selector: { attribute_name: name }, predicate };
}

export async function playFramework(talk: Conversation): Promise<void> {
  await talk.subscribe({ roles: [ROLE] });
  const first = await talk.offer(any);
  const info = { ...INFO, id: { value: talk.frameworkId } };
  const update = async (about: string, changes: object, more: object = {}): Promise<void> =>
    talk.call('UPDATE_FRAMEWORK', about, {
      update_framework: { framework_info: { ...info, ...changes }, ...more },
    });
  await update('the name, and a suppressed role', { name: 'renamed' }, { suppressed_roles: [ROLE] });
  await talk.decline(first);
  await talk.noOffer(2000);
  await update('no suppressed role', { name: 'renamed' });
  await talk.decline(await talk.offer(any));
  await update('the user', { user: 'nobody' });
  await update('checkpoint', { checkpoint: false });
  await update('the principal', { principal: 'somebody' });
  await update('a role that is none', { roles: ['/x'] });
  await update('an id that is not ours', { id: { value: 'other' } });
  await update('a suppressed role that is not ours', {}, { suppressed_roles: ['other'] });
  const only = async (about: string, constraints: object, offered: boolean): Promise<void> => {
    await talk.call('SUPPRESS', 'before the change', { suppress: {} });
    await update(about, {}, { offer_constraints: constraints, suppressed_roles: [ROLE] });
    await talk.declineEarlier();
    await talk.call('REVIVE', 'after the change', { revive: {} });
    if (offered) await talk.decline(await talk.offer(any));
    else await talk.noOffer(2000);
  };
  await only('exists', constrained(attribute('rack', { exists: {} })), true);
  await only('not_exists', constrained(attribute('rack', { not_exists: {} })), false);
  await only('text_equals', constrained(attribute('rack', { text_equals: { value: 'r1' } })), true);
  await only('text_equals another', constrained(attribute('rack', { text_equals: { value: 'r2' } })), false);
  await only('text_equals of none', constrained(attribute('nope', { text_equals: { value: 'r2' } })), false);
  await only('text_not_equals', constrained(attribute('rack', { text_not_equals: { value: 'r1' } })), false);
  await only(
    'text_not_equals of none',
    constrained(attribute('nope', { text_not_equals: { value: 'r1' } })),
    true,
  );
  await only('text_matches', constrained(attribute('rack', { text_matches: { regex: 'r[1-3]' } })), true);
  await only('text_matches a part', constrained(attribute('rack', { text_matches: { regex: 'r' } })), false);
  await only(
    'text_not_matches',
    constrained(attribute('rack', { text_not_matches: { regex: 'r.' } })),
    false,
  );
  await only('text_equals of a scalar', constrained(attribute('gen', { text_equals: { value: '7' } })), true);
  const hostname = {
    selector: { pseudoattribute_type: 'HOSTNAME' },
    predicate: { text_equals: { value: '127.0.0.1' } },
  };
  const zone = {
    selector: { pseudoattribute_type: 'ZONE' },
    predicate: { text_equals: { value: 'zone-2' } },
  };
  const region = {
    selector: { pseudoattribute_type: 'REGION' },
    predicate: { text_equals: { value: 'region-1' } },
  };
  await only('hostname and region', constrained(hostname, region), true);
  await only('hostname and zone', constrained(hostname, zone), false);
  await only('no constraints', {}, true);
  const refused: [string, object][] = [
    ['no groups', { role_constraints: { [ROLE]: { groups: [] } } }],
    [
      'no constraints in a group',
      { role_constraints: { [ROLE]: { groups: [{ attribute_constraints: [] }] } } },
    ],
    [
      'a role that is not ours',
      { role_constraints: { other: { groups: [{ attribute_constraints: [hostname] }] } } },
    ],
    ['no selector', constrained({ selector: {}, predicate: { exists: {} } })],
    ['no predicate', constrained({ selector: { attribute_name: 'rack' }, predicate: {} })],
    ['a bad expression', constrained(attribute('rack', { text_matches: { regex: '(' } }))],
  ];
  for (const [about, offer_constraints] of refused) await update(about, {}, { offer_constraints });
  const least = (cpus: number): object => ({
    offer_filters: {
      [ROLE]: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: cpus } } }] } },
    },
  });
  await update('the least that is offered: too much', least(40), { suppressed_roles: [ROLE] });
  await talk.declineEarlier();
  await talk.call('REVIVE', '', { revive: {} });
  await talk.noOffer(2000);
  await update('the least that is offered', least(2));
  await talk.decline(await talk.offer(any));
  await update('the least that is offered, for another role', {
    offer_filters: {
      other: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 1 } } }] } },
    },
  });
}
