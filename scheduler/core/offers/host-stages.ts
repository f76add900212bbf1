/** Whether an offer's role and host are ones that an instance may go to. */
import type { Offer } from '../../../protocol/mesos/framework.ts';
import { toHostFacts } from '../constraints/host-facts.ts';
import type { PlacementRequest, Stage, StageOutcome } from './offer-evaluator.ts';

function judge(stage: Stage, passes: boolean, reason: string): StageOutcome {
  return { stage, passes, reason };
}

function judgeUniqueHost({ component, takenHosts }: PlacementRequest, hostname: string): StageOutcome[] {
  if (!component.uniqueHost) return [];
  const isTaken = takenHosts.has(hostname);
  const reason = isTaken
    ? `${hostname} has a ${component.name} already`
    : `${hostname} has no ${component.name}`;
  return [judge('unique-host', !isTaken, reason)];
}

function judgeLeftHost({ leftHost }: PlacementRequest, hostname: string): StageOutcome[] {
  if (leftHost === undefined) return [];
  const reason = `an operator moved it off ${leftHost}, offered ${hostname}`;
  return [{ ...judge('left-host', leftHost !== hostname, reason), mayChange: true }];
}

export function judgeHosts(request: PlacementRequest, offer: Offer): StageOutcome[] {
  const { component, boundHost } = request;
  const { hostname } = offer;
  const role = offer.allocation_info?.role ?? '*';
  const outcomes = [judge('role', role === request.role, `needs role ${request.role}, offered to ${role}`)];
  if (component.hostname !== undefined) {
    const reason = `needs host ${component.hostname}, offered ${hostname}`;
    outcomes.push(judge('host', component.hostname === hostname, reason));
  }
  if (boundHost !== undefined) {
    const reason = `needs host ${boundHost.hostname} (${boundHost.reason}), offered ${hostname}`;
    outcomes.push(judge('bound-host', boundHost.hostname === hostname, reason));
  }
  const ruled = request.judge?.judge(toHostFacts(offer), request.arrival ?? 'new') ?? [];
  return [...outcomes, ...judgeLeftHost(request, hostname), ...judgeUniqueHost(request, hostname), ...ruled];
}
