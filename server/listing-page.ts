/** The page for people at `/`: public artifacts, and what to paste into a task's CommandInfo. No scripts. */
import { createHash } from 'node:crypto';
import { type ArtifactManifestEntry, renderArtifactPath } from '../protocol/artifact.ts';
import { renderByteSize } from '../protocol/byte-size.ts';
import { renderFetcherUri } from './fetcher-uri.ts';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem; margin-bottom: 0 }
  section { border-top: 1px solid #8886; padding: .75rem 0 }
  h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere }
  h2 small { font-weight: normal; opacity: .75; margin-left: .5rem }
  code, pre { font: .85rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
  pre { margin: .4rem 0; padding: .5rem .75rem; background: #8882; border-radius: .3rem; user-select: all }
`;

/** For the Content-Security-Policy: this style and nothing else. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

function renderArtifact(entry: ArtifactManifestEntry, baseUrl: string): string {
  return `<section>
<h2><a href="${escapeHtml(renderArtifactPath(entry))}">${escapeHtml(entry.fileName)}</a><small>${renderByteSize(entry.sizeBytes)}</small></h2>
<code>sha256 ${entry.sha256}</code>
<pre>${escapeHtml(JSON.stringify(renderFetcherUri(entry, baseUrl)))}</pre>
</section>`;
}

/** `baseUrl` is an advertised one, never what a request called us. */
export function renderListingPage(entries: readonly ArtifactManifestEntry[], baseUrl: string): string {
  const list = entries.map((entry) => renderArtifact(entry, baseUrl)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stevedore artifacts</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Artifacts</h1>
<p>${entries.length === 0 ? 'Nothing is served yet.' : 'Each box is a <code>CommandInfo.URI</code> of Mesos, ready to paste.'}</p>
${list}
</body>
</html>
`;
}
