/** docs/alluxio-reference.md, from the option table. */
import { renderOptionMarkdown } from '../../config/option-reference.ts';
import { ALLUXIO_OPTIONS } from './option-table.ts';

const INTRODUCTION = `# Keys of Alluxio on Mesos

These are the keys that Stevedore itself reads; every other property goes to masters and workers as it is. A key is set
on the command line (\`-Dkey=value\`), in the environment, or in \`conf/alluxio-site.properties\`; the first of these that has
it counts. \`stevedore alluxio config\` prints the values in force and where each comes from.
This page is generated from \`scheduler/alluxio/\` by \`make docs\`.
`;

export function renderAlluxioReference(): string {
  return `${INTRODUCTION}\n${renderOptionMarkdown(ALLUXIO_OPTIONS)}\n`;
}
