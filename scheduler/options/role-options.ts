/** Options of Mesos roles and reservations. */
import type { OptionTable, OptionValues } from '../../config/option-table.ts';
import { enumType } from '../../config/option-types.ts';
import { selectByComponent } from './component-options.ts';
import type { KeyNaming } from './key-naming.ts';
import { roleType, rolesType } from './scheduler-option-types.ts';

const section = 'Roles and reservations';

export function createRoleOptions(keyOf: KeyNaming) {
  return {
    role: {
      key: keyOf('role'),
      type: roleType,
      section,
      doc: 'Mesos role that resources are asked for; unset: the first of `roles`, else `*`.',
    },
    roles: {
      key: keyOf('roles'),
      type: rolesType,
      section,
      doc: 'All roles of the framework, with commas between them; the first, or `role` if it is set, is that of components that name none.',
    },
    reserve: {
      key: keyOf('reserve'),
      type: enumType('volumes', 'all'),
      default: 'volumes',
      section,
      doc: '`all`: cpus, memory and ports of whoever has a volume are reserved with it, so that nobody else takes them while it is away.',
    },
  } satisfies OptionTable;
}

export function createComponentRoleOptions(keyOf: KeyNaming, component: string) {
  return {
    role: {
      key: keyOf(`${component}.role`),
      type: roleType,
      section,
      doc: `Role whose offers a ${component} takes; unset: the first of the framework. It is added to \`roles\`.`,
    },
  } satisfies OptionTable;
}

type AllValues = OptionValues<ReturnType<typeof createRoleOptions>>;
type ComponentGroup = ReturnType<typeof createComponentRoleOptions>;

/** Undefined: the framework's first. */
export function describeRole(values: AllValues, component: string): string | undefined {
  return selectByComponent<ComponentGroup>(values, component, ['role']).role;
}

/** The first is that of components that name none. */
export function listRoles(values: AllValues, components: readonly string[]): readonly [string, ...string[]] {
  const { role, roles = [] } = values;
  const [first = '*', ...others] = role === undefined ? roles : [role, ...roles];
  const own = components.flatMap((component) => describeRole(values, component) ?? []);
  return [first, ...new Set([...others, ...own].filter((other) => other !== first))];
}
