/** SUBSCRIBE, and what follows when its stream ends: failover, or the end of the framework. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FrameworkInfo } from '../../protocol/mesos/framework.ts';
import type { OfferConstraints } from '../../protocol/mesos/offer-constraints.ts';
import type { SchedulerEvent } from '../../protocol/mesos/scheduler.ts';
import { EventStream } from '../http/event-stream.ts';
import { SCHEDULER_API } from '../wire/api-proto.ts';
import { renderJson } from '../wire/render-json.ts';
import { findFrameworkProblem, rolesOf } from './framework-validation.ts';
import type { Master } from './master.ts';
import { findConstraintsProblem } from './offer-constraints.ts';
import type { FrameworkRecord } from './records.ts';

/** The longest that a timer of Node waits. */
const LONGEST_MS = 2 ** 31 - 1;

export interface Subscription {
  readonly info: FrameworkInfo;
  readonly suppressed: readonly string[];
  readonly constraints: OfferConstraints | undefined;
}

function refuse(stream: EventStream, message: string): void {
  const event: SchedulerEvent = { type: 'ERROR', error: { message } };
  stream.send(renderJson(SCHEDULER_API, 'Event', event));
  stream.end();
}

/** What is set once and kept, whatever a scheduler says when it comes back. */
export function updateInfo(framework: FrameworkRecord, info: FrameworkInfo): void {
  const { user, checkpoint } = framework.info;
  framework.info = { ...info, user, ...(checkpoint === undefined ? {} : { checkpoint }) };
  framework.roles = rolesOf(framework.info);
}

function findOrAdd(master: Master, info: FrameworkInfo): FrameworkRecord {
  const known = info.id && master.frameworks.get(info.id.value);
  if (known === undefined)
    return master.addFramework(info.id?.value ?? master.nextFrameworkId(), info, rolesOf(info));
  updateInfo(known, info);
  known.reregisteredMs = Date.now();
  return known;
}

/** Without a scheduler there are no offers, and no inverse ones. */
function dropOffers(master: Master, framework: FrameworkRecord): void {
  for (const offer of master.offersOf({ frameworkId: framework.id })) master.offers.delete(offer.id);
  for (const { id, frameworkId } of master.inverseOffers.values())
    if (frameworkId === framework.id) master.inverseOffers.delete(id);
}

function endFailedOver(master: Master, framework: FrameworkRecord): void {
  clearTimeout(framework.failover);
  clearInterval(framework.heartbeat);
  dropOffers(master, framework);
  if (framework.stream !== undefined) refuse(framework.stream, 'Framework failed over');
}

function expire(master: Master, framework: FrameworkRecord): void {
  if (master.frameworks.get(framework.id) === framework) master.removeFramework(framework);
}

/** Waits for the scheduler to come back as long as its failover_timeout says. */
export function awaitFailover(master: Master, framework: FrameworkRecord): void {
  const timeoutMs = (framework.info.failover_timeout ?? 0) * 1000;
  const waitMs = Math.min(Math.max(timeoutMs, 0), LONGEST_MS);
  framework.failover = setTimeout(() => expire(master, framework), waitMs);
}

function disconnect(master: Master, framework: FrameworkRecord, stream: EventStream): void {
  if (framework.stream !== stream) return;
  framework.stream = undefined;
  // Refusals outlive a second SUBSCRIBE, but not the loss of the stream.
  framework.filters = [];
  clearInterval(framework.heartbeat);
  dropOffers(master, framework);
  awaitFailover(master, framework);
}

function attach(
  master: Master,
  framework: FrameworkRecord,
  streamed: { stream: EventStream; id: string },
): void {
  framework.stream = streamed.stream;
  framework.streamId = streamed.id;
  streamed.stream.onDisconnect(() => disconnect(master, framework, streamed.stream));
  master.send(framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: { value: framework.id },
      heartbeat_interval_seconds: 15,
      master_info: master.info,
    },
  });
  const beat = (): void => master.send(framework, { type: 'HEARTBEAT' });
  beat();
  framework.heartbeat = setInterval(beat, master.options.heartbeatMs);
}

/** What a framework says anew each time that it subscribes or updates itself. */
export function setWishes(
  framework: FrameworkRecord,
  suppressed: readonly string[],
  constraints: OfferConstraints | undefined,
): void {
  framework.suppressed.clear();
  for (const role of suppressed) framework.suppressed.add(role);
  framework.constraints = constraints;
}

function findPrincipalChange(master: Master, info: FrameworkInfo): string | undefined {
  const known = info.id && master.frameworks.get(info.id.value);
  if (known === undefined || known.info.principal === info.principal) return undefined;
  return "Changing framework's principal is not allowed.";
}

/** Answers 200 in any case; what is wrong with the framework is an ERROR event. */
export function subscribe(master: Master, response: ServerResponse, subscription: Subscription): void {
  const id = randomUUID();
  const { info, suppressed, constraints } = subscription;
  const stream = new EventStream(response, { 'Mesos-Stream-Id': id });
  const removed = master.completed.some((framework) => framework.id === info.id?.value);
  const problem =
    findFrameworkProblem(info, suppressed) ??
    findConstraintsProblem(constraints, rolesOf(info)) ??
    findPrincipalChange(master, info) ??
    (removed ? 'Framework has been removed' : undefined);
  if (problem !== undefined) return refuse(stream, problem);
  const framework = findOrAdd(master, info);
  endFailedOver(master, framework);
  setWishes(framework, suppressed, constraints);
  attach(master, framework, { stream, id });
  master.sendToAgents({ type: 'UPDATE_FRAMEWORK', framework: framework.info });
  master.allocate();
}
