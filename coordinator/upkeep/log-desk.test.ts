import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { AUDIT_OPERATIONS } from '../audit/operations.ts';
import { RecentLines } from '../report/recent-lines.ts';
import { LogDesk } from './log-desk.ts';

const BY = { actor: 'usr_admin', address: '192.0.2.1' };

let folder: TempFolder;
let ledger: TestLedger;
beforeEach(() => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: AUDIT_OPERATIONS });
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

const open = () => {
	const recentLog = new RecentLines();
	const logger = pino({ level: 'info' }, { write: (line: string) => recentLog.add(line) });
	const audit = new AuditLog({ ledger });
	return { logger, audit, desk: new LogDesk({ logger, recentLog, audit }) };
};

it('has more logged from then on, and tells the newest lines', async () => {
	const { logger, desk } = open();
	logger.debug('too early');
	await desk.setLevel('debug', BY);
	logger.debug('one');
	logger.debug('two');
	const { lines, ...levels } = desk.view(1);
	expect(levels).toEqual({ level: 'debug', startLevel: 'info' });
	expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['two']);
	expect(desk.view(10).lines).toHaveLength(2);
	expect(desk.view(0).lines).toEqual([]);
});

it('is on record before it counts', async () => {
	const { logger, audit, desk } = open();
	await desk.setLevel('silent', BY);
	expect((await audit.list({}, { limit: 5 })).items).toMatchObject([
		{
			...BY,
			action: 'log.set-level',
			object: 'log',
			detail: { before: { level: 'info' }, after: { level: 'silent' } },
		},
	]);
	await ledger[Symbol.asyncDispose]();
	await expect(desk.setLevel('trace', BY)).rejects.toThrow();
	expect(logger.level).toBe('silent');
	ledger = new TestLedger({ file: folder.join('other.db'), operations: AUDIT_OPERATIONS });
});
