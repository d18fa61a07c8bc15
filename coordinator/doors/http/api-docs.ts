import { createHash } from 'node:crypto';
import type { AnyRoute } from './route.ts';

const escape = (text: string): string =>
	text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] as string);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
summary { cursor: pointer; padding: .4rem 0; overflow-wrap: anywhere }
code, pre { font: 14px/1.5 ui-monospace, monospace }
pre { overflow: auto; padding: .75rem; background: color-mix(in srgb, currentColor 7%, transparent); border-radius: 6px }
.method { display: inline-block; min-width: 4.5em; font-weight: 700 }
nav a { display: inline-block; margin-right: 1em; min-height: 24px }
`;

/** The page's own policy: its one style sheet by hash, and nothing that runs. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

type Operation = { parameters: unknown[]; requestBody?: unknown; responses: unknown; 'x-permission'?: string };

const operationHtml = (route: AnyRoute, path: string, operation: Operation): string => `
<details id="${escape(`${route.method.toLowerCase()}-${path}`)}">
<summary><span class="method">${route.method}</span> <code>${escape(path)}</code> – ${escape(route.summary)}</summary>
<p>${operation['x-permission'] ? `Needs the right to <b>${escape(operation['x-permission'])}</b>.` : 'Open to everybody.'}</p>
${['parameters', 'requestBody', 'responses']
	.map((key) => [key, operation[key as keyof Operation]] as const)
	.filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
	.map(([key, value]) => `<h4>${key}</h4><pre>${escape(JSON.stringify(value, null, 2))}</pre>`)
	.join('')}
</details>`;

/** A page that shows the OpenAPI document: plain HTML, no script, light and dark. */
export const apiDocsPage = (
	routes: readonly AnyRoute[],
	document: { paths: Record<string, Record<string, Operation>> },
): string => {
	const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
	const sections = tags.map((tag) => {
		const items = Object.entries(document.paths).flatMap(([path, operations]) =>
			Object.entries(operations).flatMap(([method, operation]) => {
				const route = routes.find(
					(one) =>
						one.tag === tag &&
						one.method.toLowerCase() === method &&
						(operation as { summary?: string }).summary === one.summary,
				);
				return route ? [operationHtml(route, path, operation)] : [];
			}),
		);
		return `<h2 id="${escape(tag)}">${escape(tag)}</h2>${items.join('')}`;
	});
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Millrace API</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>
<h1>Millrace API</h1>
<p>JSON over HTTP. Send <code>Authorization: Bearer &lt;API token&gt;</code>; failures are problem documents (RFC 9457) with a stable <code>code</code>.
Lists take <code>limit</code> and <code>cursor</code>. The whole contract: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Parts">${tags.map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join('')}</nav>
${sections.join('')}</body></html>`;
};
