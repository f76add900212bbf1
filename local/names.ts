/** Ids and roles as Mesos spells them, and its texts about those that are none. */

/** The text of Mesos for an id that is none, of a framework, task, executor or volume. */
export function findIdProblem(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (Buffer.byteLength(id) > 255) return 'ID must not be greater than 255 characters';
  if (id === '.') return "'.' is disallowed";
  if (id === '..') return "'..' is disallowed";
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\x00-\x1f\x7f/\\]/.test(id) ? `'${id}' contains invalid characters` : undefined;
}

function findComponentProblem(role: string, component: string): string | undefined {
  if (component === '') return `Role '${role}' cannot contain two adjacent slashes`;
  if (component === '.' || component === '..')
    return `Role '${role}' cannot include '${component}' as a component`;
  if (component === '*') return `Role '${role}' cannot include '*' as a component`;
  if (component.startsWith('-'))
    return `Role component '${component}' is invalid because it begins with a dash`;
  return /\s/.test(component)
    ? `Role component '${component}' is invalid because it contains whitespace`
    : undefined;
}

export function findRoleProblem(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role === '') return 'Empty role name is invalid';
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  return role
    .split('/')
    .map((component) => findComponentProblem(role, component))
    .find(Boolean);
}
