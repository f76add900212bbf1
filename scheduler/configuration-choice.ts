/**
 * Which configuration a scheduler runs: the one that it was given, unless it cannot be used; then the one that was in use
 * before, built again from its snapshot.
 */
import { StevedoreError, StevedoreErrors, messageOf } from '../protocol/errors.ts';
import { createConfigurationHash, describeUnprepared } from './configuration-digest.ts';
import { judgeChange } from './core/rollout/change-validators.ts';
import {
  type ConfigurationVersion,
  type ServiceIdentity,
  getTarget,
} from './core/rollout/configuration-version.ts';
import type { ServiceSpec } from './core/service-spec.ts';
import type { ConfigurationSource, FrameworkOptions } from './scheduler-options.ts';
import type { SchedulerState } from './state/scheduler-state.ts';

export interface ChosenConfiguration {
  /** Keyed digest of the snapshot: its name in the state. */
  readonly digest: string;
  readonly snapshot: string;
  readonly spec: ServiceSpec;
  readonly framework: FrameworkOptions;
  /** Why the given one is not used. */
  readonly refused?: readonly string[];
}

export interface ChoiceParts {
  readonly source: ConfigurationSource;
  readonly framework: FrameworkOptions;
  readonly state: SchedulerState;
}

type Attempt =
  | { readonly kind: 'usable'; readonly chosen: ChosenConfiguration }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

function toReasons(error: unknown): string[] {
  return error instanceof StevedoreErrors ? error.problems.map(messageOf) : [messageOf(error)];
}

/** What the framework and its tasks were to Mesos stays as it was with that configuration. */
function keepIdentity(framework: FrameworkOptions, { user, principal }: ServiceIdentity): FrameworkOptions {
  const { principal: _given, ...others } = framework;
  return { ...others, user, ...(principal !== undefined && { principal }) };
}

function judge(parts: ChoiceParts, spec: ServiceSpec, target: ConfigurationVersion): string[] {
  const { framework, state, source } = parts;
  const after = describeUnprepared({ framework, state, snapshot: source.snapshot }, spec);
  return judgeChange({ before: target, after, spec, instances: state.stored.instances });
}

/** Reasons that have nothing to do with what it says. */
function listOverruled({ source, state }: ChoiceParts, digest: string): string[] {
  const { rollback, versions } = state.stored.facts ?? {};
  if (rollback?.from === digest && rollback.to !== digest)
    return ['an operator rolled back from this configuration: change it, or roll back once more'];
  const target = getTarget(versions);
  const isOlder = (target?.sinceMs ?? 0) > (source.readAtMs ?? Number.POSITIVE_INFINITY);
  return isOlder && target?.snapshot !== digest
    ? [
        'another configuration came into force since this scheduler was started: start it again to use its own',
      ]
    : [];
}

function tryGiven(parts: ChoiceParts, digest: string): Attempt {
  const { source, framework, state } = parts;
  const overruled = listOverruled(parts, digest);
  if (overruled.length > 0) return { kind: 'refused', reasons: overruled };
  try {
    const spec = source.build(source.snapshot);
    const target = getTarget(state.stored.facts?.versions);
    const reasons = target === undefined ? [] : judge(parts, spec, target);
    const chosen = { digest, snapshot: source.snapshot, spec, framework };
    return reasons.length > 0 ? { kind: 'refused', reasons } : { kind: 'usable', chosen };
  } catch (error) {
    return { kind: 'refused', reasons: toReasons(error) };
  }
}

/** An order to roll back counts before the target: the scheduler may have ended before it was done. */
function listStored({ stored }: SchedulerState): string[] {
  const { rollback, versions } = stored.facts ?? {};
  const digests = [rollback?.to, getTarget(versions)?.snapshot, rollback?.from];
  return [...new Set(digests.filter((digest) => digest !== undefined))];
}

function tryStored(parts: ChoiceParts, refused: readonly string[], digest: string): Attempt {
  const { source, framework, state } = parts;
  const snapshot = state.snapshots.get(digest);
  if (snapshot === undefined)
    return { kind: 'refused', reasons: ['a configuration before is not kept any more'] };
  const identity = getTarget(state.stored.facts?.versions)?.identity;
  try {
    const spec = source.build(snapshot);
    const kept = identity === undefined ? framework : keepIdentity(framework, identity);
    return { kind: 'usable', chosen: { digest, snapshot, spec, framework: kept, refused } };
  } catch (error) {
    const reasons = toReasons(error).map((reason) => `a configuration before: ${reason}`);
    return { kind: 'refused', reasons };
  }
}

/** @throws StevedoreError ERR_CONFIGURATION_UNUSABLE with the reasons, when none can be used */
export function chooseConfiguration(parts: ChoiceParts): ChosenConfiguration {
  const digest = createConfigurationHash(parts.state.clusterKey)(parts.source.snapshot);
  const given = tryGiven(parts, digest);
  if (given.kind === 'usable') return given.chosen;
  const problems = [...given.reasons];
  for (const stored of listStored(parts.state)) {
    const attempt = tryStored(parts, given.reasons, stored);
    if (attempt.kind === 'usable') return attempt.chosen;
    problems.push(...attempt.reasons);
  }
  throw new StevedoreError('ERR_CONFIGURATION_UNUSABLE', { problems: problems.join('; ') });
}
