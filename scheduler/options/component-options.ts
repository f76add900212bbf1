/** Options that each component has for itself: `worker.constraints` becomes `workerConstraints` of the table. */
import type { OptionTable, OptionValues } from '../../config/option-table.ts';

export type ByComponent<C extends string, G extends OptionTable> = {
  readonly [N in keyof G & string as `${C}${Capitalize<N>}`]: G[N];
};

function nameOf(component: string, name: string): string {
  return `${component}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** One group for each component. */
export function repeatByComponent<C extends string, G extends OptionTable>(
  components: readonly C[],
  create: (component: C) => G,
): ByComponent<C, G> {
  const entries = components.flatMap((component) =>
    Object.entries(create(component)).map(([name, option]) => [nameOf(component, name), option]),
  );
  return Object.fromEntries(entries) as ByComponent<C, G>;
}

/** The values of one component, under the names that they have in its group. */
export function selectByComponent<G extends OptionTable>(
  values: Readonly<Record<string, unknown>>,
  component: string,
  names: readonly (keyof G & string)[],
): Partial<OptionValues<G>> {
  const entries = names.map((name) => [name, values[nameOf(component, name)]]);
  return Object.fromEntries(entries) as Partial<OptionValues<G>>;
}
