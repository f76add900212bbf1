/** docs/api.md, from the tables of routes. */
import * as z from 'zod';
import { withHealth } from '../../scheduler/api/openapi.ts';
import { OTHER_ROUTES } from '../../scheduler/api/other-routes.ts';
import type { Route } from '../../scheduler/api/route.ts';
import { ROUTES } from '../../scheduler/api/routes.ts';
import { problem } from '../../scheduler/api/answers.ts';
import { escapeCell } from './cells.ts';

const INTRODUCTION = `# API of a scheduler

A scheduler answers on a Unix socket in its state directory, \`api.sock\`, which its owner alone may open, and over TLS where
that is asked for. Over TLS every request but \`/v1/health\` needs \`Authorization: Bearer TOKEN\`, with the token of the file
\`api-token\` in the state directory; the certificate is of the CA in \`api-certs/ca.pem\` there unless one was given, and its URL
is in the file \`api-url\`.
Of several schedulers each can be asked: those that stand by pass the request on to the one that leads.

Bodies and answers are JSON; an unknown key is an error. Failures are \`application/problem+json\` with \`status\`, \`title\`
(a sentence that says what to do), \`code\` (see [errors](errors.md)) and, for a name that nothing has, \`nearest\`. Orders are
answered when they are stored; what becomes of them is in the plan, the status and the events. HEAD works where GET does.
\`GET /v1/openapi.json\` is the same as an OpenAPI 3.1 document. On the command line: [cli](cli.md).

\`\`\`
curl --unix-socket STATE_DIR/api.sock http://localhost/v1/status
curl --cacert ca.pem -H "Authorization: Bearer $(cat api-token)" https://HOST:PORT/v1/plan
\`\`\`

This page is generated from \`scheduler/api/\` by \`make docs\`.
`;

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

const INDENT = '  ';
const WIDTH = 90;

/** On one line, or a field a line where that is too long. */
function joinFields(fields: readonly string[]): string {
  const line = `{${fields.join(', ')}}`;
  if (line.length <= WIDTH && !line.includes('\n')) return line;
  return ['{', ...fields.map((field) => `${INDENT}${field.replaceAll('\n', `\n${INDENT}`)}`), '}'].join('\n');
}

function renderObject({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${renderShape(schema)}`,
  );
  const isMap = fields.length === 0 && typeof additionalProperties === 'object';
  return isMap ? `{[name]: ${renderShape(additionalProperties)}}` : joinFields(fields);
}

/** `{name: string, ports: {[name]: number}}` */
function renderShape(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.items !== undefined) return `[${renderShape(schema.items)}]`;
  return schema.type === 'object' ? renderObject(schema) : (schema.type ?? 'any');
}

function toShape(schema: z.ZodType): string {
  return renderShape(z.toJSONSchema(schema, { unrepresentable: 'any' }) as JsonSchema);
}

function renderRoute({ method, path, summary, body, answer }: Route): string {
  const shape = body === undefined ? '' : toShape(body);
  const sent = shape === '' || shape === '{}' ? '' : `\`${shape}\``;
  return `| \`${method} ${path}\` | ${escapeCell(summary)} | ${escapeCell(sent)} | ${findAnswer(answer)} |`;
}

/** Long answers have a section of their own. */
const ANSWERS: ReadonlyMap<z.ZodType, string> = new Map(
  ROUTES.filter(({ method }) => method === 'GET').map(({ answer, path }) => [answer, path]),
);

function findAnswer(answer: z.ZodType): string {
  return ANSWERS.has(answer) ? 'below' : `\`${escapeCell(toShape(answer))}\``;
}

function renderAnswer([schema, path]: readonly [z.ZodType, string]): string {
  return [`### ${path}`, '', '```', toShape(schema), '```', ''].join('\n');
}

export function renderApiPage(): string {
  const others = withHealth(OTHER_ROUTES).map(
    ({ path, summary, contentType }) => `| \`GET ${path}\` | ${escapeCell(summary)} | | ${contentType} |`,
  );
  return [
    INTRODUCTION,
    '| request | what it does | body | answer |',
    '|---|---|---|---|',
    ...ROUTES.map(renderRoute),
    ...others,
    '',
    '## Answers',
    '',
    ...[...ANSWERS].map(renderAnswer),
    renderAnswer([problem, 'a failure']),
  ].join('\n');
}
