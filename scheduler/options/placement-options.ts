/** Options that say where instances may lie, for all components and for each. */
import type { OptionTable, OptionValues } from '../../config/option-table.ts';
import { booleanType, enumType, listType } from '../../config/option-types.ts';
import { constraintsType, hostAttributesType } from '../core/constraints/placement-options.ts';
import { NO_RULE, type PlacementRule } from '../core/constraints/placement-rule.ts';
import { selectByComponent } from './component-options.ts';
import type { KeyNaming } from './key-naming.ts';

const section = 'Placement';
const strategiesType = enumType('spread', 'pack');

export function createPlacementOptions(keyOf: KeyNaming) {
  return {
    constraints: {
      key: keyOf('constraints'),
      type: constraintsType,
      section,
      doc: 'What must hold for the host of every instance: `field:OPERATOR:value` with commas between several, or a JSON list as Marathon takes it.',
    },
    hostAttributes: {
      key: keyOf('constraints.hard.hostattribute'),
      type: hostAttributesType,
      section,
      doc: 'The same for attributes that a host must have: `name:value`, with commas between several.',
    },
    prefer: {
      key: keyOf('prefer'),
      type: constraintsType,
      section,
      doc: 'What should hold, in the grammar of constraints; the first counts most.',
    },
    excludeHosts: {
      key: keyOf('exclude-hosts'),
      type: listType,
      section,
      doc: 'Hosts that nothing is launched on: names or IPs with commas between several; `*` stands for any characters.',
    },
    placementStrategy: {
      key: keyOf('placement-strategy'),
      type: strategiesType,
      default: 'spread',
      section,
      doc: '`spread`: hosts with the fewest of our tasks first. `pack`: the offer with the least left first.',
    },
    offerConstraints: {
      key: keyOf('offer-constraints'),
      type: booleanType,
      default: 'false',
      section,
      doc: 'Tells masters from 1.11 on which offers they need not make.',
    },
  } satisfies OptionTable;
}

/** They add to those for all components; the strategy replaces it. */
export function createComponentPlacementOptions(keyOf: KeyNaming, component: string) {
  const of = (path: string) => keyOf(`${component}.${path}`);
  return {
    constraints: {
      key: of('constraints'),
      type: constraintsType,
      section,
      doc: `What must hold for the host of a ${component}, too.`,
    },
    prefer: {
      key: of('prefer'),
      type: constraintsType,
      section,
      doc: `What should hold for it; it counts more than what is preferred for all.`,
    },
    excludeHosts: {
      key: of('exclude-hosts'),
      type: listType,
      section,
      doc: `Further hosts that no ${component} is launched on.`,
    },
    placementStrategy: {
      key: of('placement-strategy'),
      type: strategiesType,
      section,
      doc: `Strategy of a ${component}; unset: that of all.`,
    },
  } satisfies OptionTable;
}

type AllValues = OptionValues<ReturnType<typeof createPlacementOptions>>;
type ComponentGroup = ReturnType<typeof createComponentPlacementOptions>;

const NAMES = ['constraints', 'prefer', 'excludeHosts', 'placementStrategy'] as const;

/** Undefined: nothing was said. */
export function describePlacement(values: AllValues, component: string): PlacementRule | undefined {
  const own = selectByComponent<ComponentGroup>(values, component, NAMES);
  const { constraints = [], prefer = [], excludeHosts = [], hostAttributes = [] } = values;
  const rule: PlacementRule = {
    constraints: [...(own.constraints ?? []), ...constraints, ...hostAttributes],
    preferences: [...(own.prefer ?? []), ...prefer],
    excludedHosts: [...(own.excludeHosts ?? []), ...excludeHosts],
    strategy: own.placementStrategy ?? values.placementStrategy,
  };
  return JSON.stringify(rule) === JSON.stringify(NO_RULE) ? undefined : rule;
}
