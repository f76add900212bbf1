/** A launch as it would be rendered anywhere: what differs between two of them was configured, not placed. */
import { messageOf } from '../../../protocol/errors.ts';
import type {
  ComponentSpec,
  PeerAddress,
  PlacedInstance,
  ServiceLaunch,
  ServiceSpec,
} from '../service-spec.ts';

/** By the order of names: a port that moves is no change of the launch. */
function numberPorts(component: ComponentSpec): Record<string, number> {
  const names = component.ports.map(({ name }) => name).sort();
  return Object.fromEntries(names.map((name, index) => [name, index + 1]));
}

function listNeutralPeers(spec: ServiceSpec, component: ComponentSpec): PlacedInstance['peers'] {
  const toPeer = (other: ComponentSpec): PeerAddress => ({
    instance: `${other.name}-0`,
    host: `${other.name}.invalid`,
    ports: numberPorts(other),
  });
  return Object.fromEntries(
    spec.components.map((other) => [other.name, component.after.includes(other.name) ? [toPeer(other)] : []]),
  );
}

function placeNeutrally(spec: ServiceSpec, component: ComponentSpec): PlacedInstance {
  return {
    cluster: spec.cluster,
    instance: `${component.name}-0`,
    index: 0,
    taskId: 'neutral',
    agentHostname: 'neutral.invalid',
    host: 'neutral.invalid',
    ports: numberPorts(component),
    peers: listNeutralPeers(spec, component),
    formatted: [],
  };
}

/** Text: why the service cannot render a launch; each attempt will say it again. */
export function renderNeutralLaunch(spec: ServiceSpec, component: ComponentSpec): ServiceLaunch | string {
  try {
    return component.launch(placeNeutrally(spec, component));
  } catch (error) {
    return messageOf(error);
  }
}
