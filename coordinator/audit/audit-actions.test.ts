import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AUDIT_ACTIONS } from '../../shared/protocol/audit-actions.ts';

/** Where an action is written out: `action: 'queue.create'`, or the second of what makes an entry. */
const WRITTEN = /\b(?:action: |auditOf\([^,]*, )'([a-z-]+\.[a-z-]+)'/g;

test('every kind of entry that the code writes is in the list', () => {
	const folder = fileURLToPath(new URL('../', import.meta.url));
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
	const written = sources.flatMap((name) =>
		[...readFileSync(`${folder}${name}`, 'utf8').matchAll(WRITTEN)].map(([, action]) => action),
	);
	expect(written.length).toBeGreaterThan(80);
	expect(written.filter((action) => !AUDIT_ACTIONS.includes(action ?? ''))).toEqual([]);
	expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length);
});
