/** `${key}` inside a value stands for another property, as in Alluxio's own configuration. */

const REFERENCE = /\$\{([^{}]+)\}/g;
/** Deeper than anybody writes; a circle ends here. */
const MAX_DEPTH = 10;

/** Replaces every reference that `lookUp` knows; others stay as they are, for the service to resolve. */
export function expandReferences(value: string, lookUp: (key: string) => string | undefined): string {
  let expanded = value;
  for (let depth = 0; depth < MAX_DEPTH && expanded.includes('${'); depth += 1) {
    const next = expanded.replace(REFERENCE, (whole, key: string) => lookUp(key) ?? whole);
    if (next === expanded) break;
    expanded = next;
  }
  return expanded;
}
