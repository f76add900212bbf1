/**
 * Judges hosts by a component's rule while a round of offers is used. It knows where the component's instances are, counts
 * each new one in, and so answers for an offer without looking at the others.
 */
import { HOSTNAME_FIELD, listFieldValues } from './attribute-value.ts';
import { type Criterion, createCriterion } from './criterion.ts';
import { type FindExclusion, createExclusion } from './excluded-hosts.ts';
import type { HostFacts } from './host-facts.ts';
import type { PlacementRule } from './placement-rule.ts';

export interface ConstraintOutcome {
  readonly stage: 'excluded' | 'constraints';
  readonly passes: boolean;
  readonly reason: string;
  /** True when another instance's placement may make it pass. */
  readonly mayChange?: boolean;
}

/** An instance that comes back to its state was counted when it went there first. */
export type Arrival = 'new' | 'returning';

function holds({ constraint, holds: isHeld }: Criterion, facts: HostFacts): boolean {
  return isHeld(listFieldValues(facts, constraint.field));
}

/** Hosts in great number have few zones and racks, but each its own name. */
function isOfHost({ constraint }: Criterion): boolean {
  return constraint.field === HOSTNAME_FIELD;
}

function textsOf({ constraint }: Criterion, facts: HostFacts): string[] {
  return listFieldValues(facts, constraint.field).map(({ text }) => text);
}

/** What decides, together with where all others are, whether a preference holds: of a host, how many it has itself. */
function keyOf(criterion: Criterion, facts: HostFacts): unknown {
  if (criterion.counts === undefined) return holds(criterion, facts);
  return isOfHost(criterion) ? criterion.counts.of(facts.hostname) : textsOf(criterion, facts);
}

export class PlacementJudge {
  readonly rule: PlacementRule;
  readonly #findExclusion: FindExclusion;
  readonly #constraints: readonly Criterion[];
  readonly #preferences: readonly Criterion[];
  /** Those of a value that many hosts share. */
  readonly #shared: readonly Criterion[];

  constructor(rule: PlacementRule, component: string, placed: Iterable<HostFacts>) {
    this.rule = rule;
    this.#findExclusion = createExclusion(rule.excludedHosts);
    this.#constraints = rule.constraints.map((constraint) => createCriterion(constraint, component));
    this.#preferences = rule.preferences.map((constraint) => createCriterion(constraint, component));
    this.#shared = this.#constraints.filter(
      (criterion) => criterion.counts !== undefined && !isOfHost(criterion),
    );
    for (const facts of placed) this.note(facts);
  }

  /** An instance runs, or is about to, on this host. */
  note(facts: HostFacts): void {
    for (const criterion of [...this.#constraints, ...this.#preferences])
      criterion.counts?.add(textsOf(criterion, facts));
  }

  /** One outcome per constraint, and one for the list of excluded hosts if there is one. */
  judge(facts: HostFacts, arrival: Arrival): ConstraintOutcome[] {
    const outcomes = this.#judgeExclusion(facts);
    for (const criterion of this.#constraints) {
      if (arrival === 'returning' && criterion.counts !== undefined) continue;
      const values = listFieldValues(facts, criterion.constraint.field);
      outcomes.push({
        stage: 'constraints',
        passes: criterion.holds(values),
        reason: criterion.explain(values),
        ...(criterion.constraint.operator === 'GROUP_BY' ? { mayChange: true } : {}),
      });
    }
    return outcomes;
  }

  #judgeExclusion(facts: HostFacts): ConstraintOutcome[] {
    if (this.rule.excludedHosts.length === 0) return [];
    const entry = this.#findExclusion(facts);
    const reason =
      entry === undefined
        ? `${facts.hostname} is not excluded`
        : `${facts.hostname} is excluded by '${entry}'`;
    return [{ stage: 'excluded', passes: entry === undefined, reason }];
  }

  /** False when no instance can ever go there, wherever the others are. */
  isEligible(facts: HostFacts): boolean {
    if (this.#findExclusion(facts) !== undefined) return false;
    return this.#constraints.every((criterion) => criterion.counts !== undefined || holds(criterion, facts));
  }

  /**
   * Equal for hosts for which `isOpen` and `score` are the same now and after each instance that is noted, unless it is
   * noted for one of them.
   */
  classOf(facts: HostFacts): string {
    if (this.#shared.length + this.#preferences.length === 0) return '';
    const shared = this.#shared.map((criterion) => textsOf(criterion, facts));
    return JSON.stringify([shared, this.#preferences.map((criterion) => keyOf(criterion, facts))]);
  }

  /** Whether a new instance may go to hosts of this class now. */
  isOpen(facts: HostFacts): boolean {
    return this.#shared.every((criterion) => holds(criterion, facts));
  }

  /** The more and the earlier preferences hold, the higher. */
  score(facts: HostFacts): number {
    return this.#preferences.reduce((sum, criterion) => sum * 2 + Number(holds(criterion, facts)), 0);
  }
}
