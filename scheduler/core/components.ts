/** Whose offers a component takes. */
import type { EngineSettings } from './engine-state.ts';
import type { ComponentSpec } from './service-spec.ts';

export function roleOf({ roles }: Pick<EngineSettings, 'roles'>, { role }: ComponentSpec): string {
  return role ?? roles[0];
}
