/** Options that say how a changed configuration reaches instances, for all components and for each. */
import type { OptionTable, OptionValues } from '../../config/option-table.ts';
import { durationType, integerType } from '../../config/option-types.ts';
import type { RolloutRule } from '../core/service-spec.ts';
import { selectByComponent } from './component-options.ts';
import type { KeyNaming } from './key-naming.ts';
import { strategyType } from './scheduler-option-types.ts';

const section = 'Rollout';

export function createRolloutOptions(keyOf: KeyNaming) {
  return {
    rollout: {
      key: keyOf('rollout'),
      type: strategyType,
      default: 'serial',
      section,
      doc: 'How instances are restarted when the configuration has changed: one by one, so many at a time, or one first and the others after `stevedore resume`.',
    },
    rolloutStableFor: {
      key: keyOf('rollout.stable-for'),
      type: durationType,
      default: '10s',
      section,
      doc: 'How long a restarted instance must be ready before the next one is restarted.',
    },
    rolloutMaxFailures: {
      key: keyOf('rollout.max-failures'),
      type: integerType(1),
      default: '1',
      section,
      doc: 'So many failures under a new configuration halt its rollout.',
    },
  } satisfies OptionTable;
}

export function createComponentRolloutOptions(keyOf: KeyNaming, component: string) {
  const of = (path: string) => keyOf(`${component}.${path}`);
  const unset = 'unset: as for all.';
  return {
    rollout: {
      key: of('rollout'),
      type: strategyType,
      section,
      doc: `How instances of ${component} are restarted; ${unset}`,
    },
    rolloutStableFor: {
      key: of('rollout.stable-for'),
      type: durationType,
      section,
      doc: `How long a restarted ${component} must be ready; ${unset}`,
    },
    rolloutMaxFailures: {
      key: of('rollout.max-failures'),
      type: integerType(1),
      section,
      doc: `So many failures of ${component} halt a rollout; ${unset}`,
    },
  } satisfies OptionTable;
}

type AllValues = OptionValues<ReturnType<typeof createRolloutOptions>>;
type ComponentGroup = ReturnType<typeof createComponentRolloutOptions>;

const NAMES = ['rollout', 'rolloutStableFor', 'rolloutMaxFailures'] as const;

export function describeRollout(values: AllValues, component: string): RolloutRule {
  const own = selectByComponent<ComponentGroup>(values, component, NAMES);
  return {
    strategy: own.rollout ?? values.rollout,
    stableForMs: own.rolloutStableFor ?? values.rolloutStableFor,
    maxFailures: own.rolloutMaxFailures ?? values.rolloutMaxFailures,
  };
}
