/** Where an operator wants a component's instances. Plain data: it is read from configuration and compared as text. */

/** As Marathon spells them, and IS_NOT, which it lacks. */
export const OPERATORS = [
  'UNIQUE',
  'CLUSTER',
  'GROUP_BY',
  'LIKE',
  'UNLIKE',
  'MAX_PER',
  'IS',
  'IS_NOT',
] as const;

export type Operator = (typeof OPERATORS)[number];

export interface Constraint {
  /** `@hostname`, `@region`, `@zone`, or the name of an attribute of the agent. */
  readonly field: string;
  readonly operator: Operator;
  /** What follows the operator, as it was written. */
  readonly value?: string;
}

type PlacementStrategy =
  /** Onto the offer with the least left afterwards, so that large offers stay whole. */
  | 'pack'
  /** Onto hosts with the fewest of our tasks first. */
  | 'spread';

export interface PlacementRule {
  /** All must hold. */
  readonly constraints: readonly Constraint[];
  /** Same grammar; an offer that does not hold one is used only when there is no better. The first counts most. */
  readonly preferences: readonly Constraint[];
  /** Host names or IPs; `*` stands for any characters. */
  readonly excludedHosts: readonly string[];
  readonly strategy: PlacementStrategy;
}

/** What holds for a component without a rule. */
export const NO_RULE: PlacementRule = {
  constraints: [],
  preferences: [],
  excludedHosts: [],
  strategy: 'spread',
};
