import { expect, it } from 'vitest';
import { actCommand } from './act-command.ts';

it('names tasks, or says which, and quotes what a shell would take apart', () => {
	expect(actCommand('boost', { ids: ['tsk_1', 'tsk_2'] })).toBe('millrace admin tasks boost tsk_1 tsk_2');
	const filter = { state: 'open', node: 'vm 1', after: '2026-03-01T00:00:00Z' } as const;
	expect(actCommand('move', { filter }, { routingKey: 'normal.x', reason: "it's full; $(rm)" })).toBe(
		`millrace admin tasks move --state open --node 'vm 1' --after 2026-03-01T00:00:00Z --to normal.x --reason 'it'\\''s full; $(rm)'`,
	);
});
