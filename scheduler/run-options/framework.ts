/** Who the framework is to Mesos, from the options. */
import { userInfo } from 'node:os';
import { listRoles } from '../options/role-options.ts';
import type { FrameworkOptions } from '../scheduler-options.ts';
import type { ConfiguredOptions } from './configured-options.ts';

function describeAppearance({ values }: ConfiguredOptions) {
  const { labels = {}, capabilities = [], frameworkHostname: hostname, webUrl } = values;
  return {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(capabilities.length > 0 && { capabilities }),
    ...(hostname !== undefined && { hostname }),
    ...(webUrl !== undefined && { webUrl }),
  };
}

export function describeFramework(
  options: ConfiguredOptions,
  components: readonly string[],
): FrameworkOptions {
  const { values } = options;
  const { principal, secret, secretFile } = values;
  if (principal === '') options.need('principal', ['secret', 'secretFile']);
  return {
    name: values.frameworkName,
    roles: listRoles(values, components),
    user: values.user || userInfo().username,
    ...(principal !== '' && { principal }),
    ...(secret !== undefined && { secret }),
    ...(secretFile !== undefined && { secretFile }),
    failoverTimeoutSeconds: Math.round(values.failoverTimeout / 1000),
    ...describeAppearance(options),
  };
}
