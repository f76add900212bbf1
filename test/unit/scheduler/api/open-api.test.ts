/** The OpenAPI document: its form by the rules of OpenAPI 3.1 that matter here, and that nothing is missing. */
import assert from 'node:assert/strict';
import { renderOpenApi } from '../../../../scheduler/api/openapi.ts';
import { OTHER_ROUTES } from '../../../../scheduler/api/other-routes.ts';
import { ROUTES } from '../../../../scheduler/api/routes.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
}

interface Operation {
  readonly summary: string;
  readonly security?: object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: { readonly type?: string } }>>;

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const document = JSON.parse(JSON.stringify(renderOpenApi(ROUTES, OTHER_ROUTES))) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('has every route, and no other', () => {
    const named = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted();
    const others = OTHER_ROUTES.map(({ path }) => `GET ${path}`);
    const known = [...ROUTES.map(({ method, path }) => `${method} ${path}`), ...others, 'GET /v1/health'];
    assert.deepEqual(named, known.toSorted());
  });

  it('says what OpenAPI 3.1 wants to know of each', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.ok(document.info.title !== '' && document.info.version !== '');
    for (const { path, operation } of operations) {
      assert.ok(operation.summary.endsWith('.'), path);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      assert.deepEqual(
        (operation.parameters ?? []).map(({ name }) => name),
        inPath,
        path,
      );
      for (const parameter of operation.parameters ?? [])
        assert.deepEqual([parameter.in, parameter.required], ['path', true]);
      for (const { description, content } of Object.values(operation.responses)) {
        assert.ok(description !== '', path);
        for (const { schema } of Object.values(content)) assert.equal(typeof schema, 'object');
      }
    }
  });

  it('needs a body only where one has to be sent, and no token for the health', () => {
    const needing = operations.filter(({ operation }) => operation.requestBody?.required === true);
    assert.deepEqual(
      needing.map(({ path }) => path),
      ['/v1/components/{component}/scale'],
    );
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    assert.deepEqual(
      open.map(({ path }) => path),
      ['/v1/health'],
    );
  });
});
