/** Which settings nobody but Alluxio may read: they go to the tasks as secret artifacts, and nowhere else. */
import { isSecretName } from './java-options.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';

/** A URL with a password in it. */
const WITH_CREDENTIAL = /:\/\/[^/\s]*:[^/\s]*@/;
const JAVA_PROPERTY = /-D([^\s="']+)=/g;

const SECRET_KEYS = new Set(
  Object.values(ALLUXIO_OPTIONS)
    .filter((option) => 'secret' in option && option.secret)
    .map(({ key }): string => key),
);

/** Java options are secret as a whole when they set something that is. */
export function isSecretSetting(key: string, value: string): boolean {
  if (SECRET_KEYS.has(key) || isSecretName(key) || WITH_CREDENTIAL.test(value)) return true;
  return [...value.matchAll(JAVA_PROPERTY)].some((match) => isSecretName(match[1] as string));
}
