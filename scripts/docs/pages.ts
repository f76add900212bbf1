/** The generated pages by path. `make docs` writes them, and a test compares them with what is in the repository. */
import { renderAlluxioReference } from '../../scheduler/alluxio/reference.ts';
import { METRICS, renderMetricReference } from '../../scheduler/metrics/metric-table.ts';
import { renderApiPage } from './api-page.ts';
import { renderCliPage } from './cli-page.ts';
import { renderErrorsPage } from './errors-page.ts';

export const GENERATED_PAGES: Readonly<Record<string, () => string>> = {
  'docs/alluxio-reference.md': renderAlluxioReference,
  'docs/api.md': renderApiPage,
  'docs/cli.md': renderCliPage,
  'docs/errors.md': renderErrorsPage,
  'docs/metrics.md': () => renderMetricReference(METRICS),
};
