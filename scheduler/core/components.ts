/** Components by name, and whose offers one takes. */
import type { EngineSettings } from './engine-state.ts';
import type { ComponentSpec, ServiceSpec } from './service-spec.ts';

/** Undefined: the configuration does not hold it any more. */
export function findComponent({ components }: ServiceSpec, name: string): ComponentSpec | undefined {
  return components.find((component) => component.name === name);
}

export function roleOf({ roles }: Pick<EngineSettings, 'roles'>, { role }: ComponentSpec): string {
  return role ?? roles[0];
}
