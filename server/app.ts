/** The express application of one listener. Artifacts come first, so that their bytes pay for no middleware. */
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import helmet from 'helmet';
import { messageOf, StevedoreError } from '../protocol/errors.ts';
import { type ArtifactHandlerOptions, createArtifactHandler } from './artifact-handler.ts';
import { toRequestPath } from './artifact-path.ts';
import { renderListingPage, STYLE_HASH } from './listing-page.ts';
import type { Logger } from './logger.ts';
import { sendProblem } from './problem.ts';

export interface AppOptions extends ArtifactHandlerOptions {
  /** What pasted URIs begin with: agents trust only their system's CAs, so the plain listener where there is one. */
  readonly baseUrl: () => string;
}

const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  const error = new StevedoreError('ERR_ARTIFACT_METHOD', { method: request.method });
  sendProblem(response, error, { Allow: 'GET, HEAD' });
};

/**
 * No HSTS, on neither listener: browsers apply it to every port of the host, and Mesos' own pages there speak plain HTTP.
 * No upgrading of links either: the plain listener is meant to be linked.
 */
function createPageProtection(): RequestHandler {
  const directives = {
    defaultSrc: ["'none'"],
    styleSrc: [STYLE_HASH],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  };
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: { useDefaults: false, directives },
  });
}

function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error, request, response, _next) => {
    log.error({ path: request.path, error: messageOf(error) }, 'request failed');
    if (response.headersSent) return void response.destroy();
    sendProblem(
      response,
      new StevedoreError('ERR_ARTIFACT_READ', { fileName: request.path, problem: 'an unexpected failure' }),
    );
  };
}

export function createApp(options: AppOptions): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(refuseOtherMethods);
  app.use(createArtifactHandler(options));
  app.use(createPageProtection());
  app.get('/', (_request, response) => {
    const page = renderListingPage(options.register.listPublic(), options.baseUrl());
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  });
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  app.use((request, response) => {
    sendProblem(response, new StevedoreError('ERR_ARTIFACT_NOT_FOUND', { path: toRequestPath(request.url) }));
  });
  app.use(createErrorHandler(options.log));
  return app;
}
