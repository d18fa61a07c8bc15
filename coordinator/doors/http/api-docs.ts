import { createHash } from 'node:crypto';
import { ERRORS } from '../../../shared/protocol/errors.ts';
import type { JsonSchema, OpenApiDocument, Operation } from './openapi.ts';
import { shapeText } from './shape-text.ts';

/** The portal's colours and letters; the font is a file of the portal's, and where that is not built the system's. */
const STYLE = `
@font-face { font-family: "Inter Variable"; font-weight: 100 900; font-display: swap; src: url("/fonts/inter.woff2") format("woff2") }
:root { color-scheme: light dark; --page: light-dark(#f6f7f9, #141821); --surface: light-dark(#fff, #1b202b); --border: light-dark(#e1e5eb, #2d3443);
  --text: light-dark(#1a1f2b, #dfe3ec); --dimmed: light-dark(#495057, #b9c0d0); --anchor: light-dark(#3b5bdb, #91a7ff);
  background: var(--page); color: var(--text); font: 15px/1.5 "Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; scroll-padding-top: 76px }
body { margin: 0; overflow-wrap: anywhere }
.bar { position: sticky; top: 0; z-index: 1; border-bottom: 1px solid var(--border); background: var(--surface) }
.bar div { display: flex; align-items: center; justify-content: space-between; gap: 12px; height: 60px }
.bar div, main { max-width: 62rem; margin: 0 auto; padding: 0 24px }
.bar a { display: inline-flex; align-items: center; gap: 10px; min-height: 28px; border-radius: 8px; text-decoration: none }
.bar a:first-child { color: inherit; font-weight: 700; font-size: 17px; letter-spacing: -.02em }
.bar a:last-child { font-weight: 550; font-size: 14.5px }
.bar a:last-child:hover { text-decoration: underline }
main { padding-bottom: 96px }
h1 { margin: 26px 0 4px; font-size: 23px; font-weight: 700; letter-spacing: -.02em }
h2 { margin: 34px 0 10px; font-size: 16.5px; font-weight: 650; letter-spacing: -.01em }
h3 { font-size: 14px; font-weight: 650; margin: 16px 0 6px }
.intro p { max-width: 76ch; color: var(--dimmed) }
a { color: var(--anchor) }
:focus-visible { outline: 2px solid var(--anchor); outline-offset: 2px }
code, pre { font: 13px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
pre { margin: 0; overflow: auto; padding: 12px 14px; border: 1px solid var(--border); background: var(--page); border-radius: 8px }
.card { border: 1px solid var(--border); border-radius: 14px; background: var(--surface); padding: 0 20px }
details + details { border-top: 1px solid var(--border) }
summary { cursor: pointer; padding: 11px 0 }
details > div { padding: 0 0 18px 18px }
.method { display: inline-block; min-width: 4.5em; font-size: 13px; font-weight: 650 }
nav a { display: inline-block; min-height: 24px; margin-right: 14px }
table { border-collapse: collapse; width: 100% }
.card > table { margin: 8px 0 }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0 }
th { font-size: 13px; font-weight: 600; color: var(--dimmed) }
tr:target, div:target { outline: 2px solid var(--anchor); outline-offset: 4px; border-radius: 4px }
@media (max-width: 720px) { .bar div, main { padding: 0 16px } main { padding-bottom: 64px } .card { padding: 0 14px } details > div { padding-left: 0 } }
`;

/** The portal's mark. */
const LOGO = `<svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#3b5bdb"/>
<path d="M6 12c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3M6 17.5c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3M6 23c3.3 0 3.3-3 6.7-3s3.3 3 6.7 3 3.3-3 6.6-3" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/></svg>`;

/** The page's own policy: its one style sheet by hash, the portal's font, and nothing that runs. */
export const DOCS_POLICY = [
	"default-src 'none'",
	`style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign]!);

const shape = (schema: JsonSchema): string => `<pre tabindex="0">${safe(shapeText(schema))}</pre>`;

const needOf = (operation: Operation): string => {
	const permission = operation['x-permission'];
	if (permission) return `Needs the permission <b>${safe(permission)}</b>.`;
	if (operation.security.length > 0) return 'For agents: needs the token of a live attempt.';
	return 'Open to everybody.';
};

const parametersHtml = ({ parameters }: Operation): string => {
	if (parameters.length === 0) return '';
	const rows = parameters.map(
		({ name, in: place, required, schema }) =>
			`<tr><td><code>${safe(name)}</code></td><td>${place}${required ? '' : ', optional'}</td><td><code>${safe(shapeText(schema))}</code></td></tr>`,
	);
	return `<h3>Parameters</h3><table>${rows.join('')}</table>`;
};

const bodyHtml = ({ requestBody }: Operation): string => {
	if (!requestBody) return '';
	const { schema } = requestBody.content['application/json'] ?? {};
	return `<h3>Body</h3>${schema ? shape(schema) : '<p>The content itself, as a stream of bytes.</p>'}`;
};

const responsesHtml = ({ responses }: Operation): string =>
	Object.entries(responses)
		.map(([status, response]) => {
			if ('$ref' in response) return '';
			const schema = response.content?.['application/json']?.schema;
			return `<h3>${safe(status)} ${safe(response.description)}</h3>${schema ? shape(schema) : ''}`;
		})
		.join('');

const operationHtml = (method: string, path: string, operation: Operation): string => `<details>
<summary><span class="method">${method.toUpperCase()}</span> <code>${safe(path)}</code> ${safe(operation.summary)}</summary>
<div id="${safe(operation.operationId)}"><p>${needOf(operation)} <a href="#${safe(operation.operationId)}">Link to this</a></p>
${parametersHtml(operation)}${bodyHtml(operation)}${responsesHtml(operation)}</div>
</details>`;

const errorsHtml = (): string => {
	const rows = Object.entries(ERRORS).map(
		([code, { status, title, retryable }]) =>
			`<tr id="problem-${code}"><td><code>${code}</code></td><td>${status}</td><td>${safe(title)}${retryable ? '; trying again later can help' : ''}.</td></tr>`,
	);
	return `<h2 id="problems">problems</h2><div class="card"><table><tr><th>code</th><th>status</th><th>meaning</th></tr>${rows.join('')}</table></div>`;
};

/** A page that shows the OpenAPI document: plain HTML with anchors, no script, light and dark. */
export const apiDocsPage = ({ info, tags, paths }: OpenApiDocument): string => {
	const operations = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
	);
	const sections = tags.map(({ name }) => {
		const ofTag = operations.filter(({ operation }) => operation.tags.includes(name));
		const items = ofTag.map(({ path, method, operation }) => operationHtml(method, path, operation));
		return `<h2 id="${safe(name)}">${safe(name)}</h2><div class="card">${items.join('\n')}</div>`;
	});
	const links = [...tags.map(({ name }) => name), 'problems'];
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Millrace API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><header class="bar"><div><a href="/">${LOGO}Millrace</a><a href="/">Back to the portal</a></div></header>
<main><div class="intro"><h1>Millrace API</h1>
<p>Version ${safe(info.version)}. ${safe(info.description).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>
<p>Programs send <code>Authorization: Bearer &lt;API token&gt;</code>. For programs, all of this: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Parts">${links.map((name) => `<a href="#${safe(name)}">${safe(name)}</a>`).join(' ')}</nav></div>
${sections.join('\n')}${errorsHtml()}</main></body></html>`;
};
