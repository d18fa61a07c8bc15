import { describe, expect, it } from 'vitest';
import { createLogger } from '../report/logger.ts';
import type { AuditEntry } from './audit-entry.ts';
import { RefusalLog } from './refusal-log.ts';

const open = () => {
	const entries: AuditEntry[] = [];
	const audit = {
		async record(...said: AuditEntry[]) {
			entries.push(...said);
		},
	};
	return { entries, log: new RefusalLog({ audit, logger: createLogger('silent') }) };
};
const MALLORY = { actor: 'usr_mallory', address: '10.0.0.9' };

describe('the log of refusals', () => {
	it('has the first of each kind at once', async () => {
		const { entries, log } = open();
		log.note(MALLORY, 'user.read', '/api/v1/users');
		log.note(MALLORY, 'file.read', '/api/v1/files/fil_1');
		log.note({ ...MALLORY, address: '10.0.0.10' }, 'user.read', '/api/v1/users');
		expect(
			entries.map(({ actor, address, action, object, outcome }) => [actor, address, action, object, outcome]),
		).toEqual([
			['usr_mallory', '10.0.0.9', 'user.read', '/api/v1/users', 'refused'],
			['usr_mallory', '10.0.0.9', 'file.read', '/api/v1/files/fil_1', 'refused'],
			['usr_mallory', '10.0.0.10', 'user.read', '/api/v1/users', 'refused'],
		]);
		await log[Symbol.asyncDispose]();
		expect(entries).toHaveLength(3);
	});

	it('says why, where it is not that one may not, and tells reasons apart', async () => {
		const { entries, log } = open();
		for (const code of ['conflict', 'conflict', 'invalid']) log.note(MALLORY, 'accounting.write', '/x', code);
		await log[Symbol.asyncDispose]();
		expect(entries.map(({ detail }) => detail)).toEqual([
			{ code: 'conflict' },
			{ code: 'invalid' },
			{ code: 'conflict', timesMore: 1 },
		]);
	});

	it('folds repeats into one entry with their count and what was asked last', async () => {
		const { entries, log } = open();
		for (let i = 0; i <= 10_000; i++) log.note(MALLORY, 'file.read', `/api/v1/files/fil_${i}`);
		expect(entries).toHaveLength(1);
		await log.flush();
		expect(entries).toHaveLength(2);
		expect(entries[1]).toMatchObject({ object: '/api/v1/files/fil_10000', detail: { timesMore: 10_000 } });
		log.note(MALLORY, 'file.read', '/api/v1/files/fil_0');
		expect(entries).toHaveLength(3);
		await log[Symbol.asyncDispose]();
	});

	it('does not grow with the number of kinds', async () => {
		const { entries, log } = open();
		for (let i = 0; i < 1_500; i++) log.note({ ...MALLORY, address: `fd00::${i}` }, 'file.read', '/');
		expect(entries).toHaveLength(1_000);
		await log[Symbol.asyncDispose]();
		expect(entries.at(-1)).toMatchObject({ actor: 'system', detail: { timesMore: 500 }, outcome: 'refused' });
	});
});
