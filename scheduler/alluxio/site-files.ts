/** The configuration files of a task. What the operator wrote comes as a secret artifact; only what placement decides is in the launch spec. */
import { renderProperties } from '../../config/properties.ts';
import type { FileSpec } from '../../protocol/launch-spec.ts';
import type { ArtifactRequest } from '../core/service-spec.ts';
import { LOG4J_PROPERTIES } from './logging.ts';
import type { AlluxioSettings } from './settings.ts';

export const SITE_ARTIFACT = 'site';
const SITE_FILE = 'alluxio-site.properties';

export function requestSite(settings: AlluxioSettings): ArtifactRequest {
  const bytes = new TextEncoder().encode(renderProperties(settings.site));
  return {
    name: SITE_ARTIFACT,
    class: 'secret',
    format: 'none',
    source: { kind: 'bytes', fileName: SITE_FILE, bytes },
    fromSettings: true,
  };
}

export function describeSiteFiles(set: Readonly<Record<string, string>>): FileSpec[] {
  return [
    { path: SITE_FILE, format: 'properties', from: SITE_ARTIFACT, set },
    { path: 'log4j.properties', format: 'text', text: LOG4J_PROPERTIES, mode: '0644' },
  ];
}
