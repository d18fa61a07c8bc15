import { createHash } from 'node:crypto';
import { ERRORS } from '../../../shared/protocol/errors.ts';
import type { JsonSchema, OpenApiDocument, Operation } from './openapi.ts';
import { shapeText } from './shape-text.ts';

const STYLE = `
:root { color-scheme: light dark; background: light-dark(#fff, #121212); color: light-dark(#111, #eee); font: 16px/1.5 system-ui, sans-serif }
body { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 6rem; overflow-wrap: anywhere }
h1 { margin-bottom: .25rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
h3 { font-size: 1rem; margin: 1rem 0 .25rem }
a { color: light-dark(#0b57d0, #8ab4f8) }
code, pre { font: 14px/1.5 ui-monospace, monospace }
pre { margin: 0; overflow: auto; padding: .75rem; background: color-mix(in srgb, currentColor 7%, transparent); border-radius: 6px }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 12%, transparent) }
summary { cursor: pointer; padding: .5rem 0 }
details > div { padding: 0 0 1rem 1rem }
.method { display: inline-block; min-width: 4.5em; font-weight: 700 }
nav a { display: inline-block; min-height: 24px; margin-right: 1em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0 }
tr:target, div:target { outline: 2px solid; outline-offset: 4px }
`;

/** The page's own policy: its one style sheet by hash, and nothing that runs. */
export const DOCS_POLICY = [
	"default-src 'none'",
	`style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
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
	return `<h2 id="problems">Problems</h2><table><tr><th>code</th><th>status</th><th>meaning</th></tr>${rows.join('')}</table>`;
};

/** A page that shows the OpenAPI document: plain HTML with anchors, no script, light and dark. */
export const apiDocsPage = ({ info, tags, paths }: OpenApiDocument): string => {
	const operations = Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
	);
	const sections = tags.map(({ name }) => {
		const ofTag = operations.filter(({ operation }) => operation.tags.includes(name));
		const items = ofTag.map(({ path, method, operation }) => operationHtml(method, path, operation));
		return `<h2 id="${safe(name)}">${safe(name)}</h2>${items.join('\n')}`;
	});
	const links = [...tags.map(({ name }) => name), 'problems'];
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Millrace API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><header><h1>Millrace API</h1>
<p>Version ${safe(info.version)}. ${safe(info.description).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>
<p>Programs send <code>Authorization: Bearer &lt;API token&gt;</code>. For programs, all of this: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Parts">${links.map((name) => `<a href="#${safe(name)}">${safe(name)}</a>`).join(' ')}</nav></header>
<main>${sections.join('\n')}${errorsHtml()}</main></body></html>`;
};
