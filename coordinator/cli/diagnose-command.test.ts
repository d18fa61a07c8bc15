import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { BadSetting } from '../config/coordinator-config.ts';
import { InlineLedger } from '../database/inline-ledger.ts';
import { OPERATIONS } from '../operations.ts';
import { diagnoseCommand } from './diagnose-command.ts';

let folder: TempFolder;
let data: string;
let said: string;
beforeEach(() => {
	folder = new TempFolder();
	data = folder.join('data');
	mkdirSync(data);
	said = '';
	vi.spyOn(process.stdout, 'write').mockImplementation((words) => {
		said += words;
		return true;
	});
});
afterEach(async () => {
	vi.restoreAllMocks();
	await folder[Symbol.asyncDispose]();
});

const diagnose = (...more: string[]) =>
	diagnoseCommand().parseAsync(['--data', data, '--out', folder.join('out.zip'), ...more], { from: 'user' });
const bundle = (): string => readFileSync(folder.join('out.zip'), 'latin1');

it('tells of a ledger that somebody has open, with the end of a log, and of one that nobody has', async () => {
	const ledger = new InlineLedger({ file: `${data}/ledger.db`, operations: OPERATIONS });
	writeFileSync(folder.join('log'), '{"level":40,"time":"2026-11-30T07:00:00.000Z","n":77,"msg":"something is odd"}\n');
	await diagnose('--log', folder.join('log'));
	expect(said).toBe(`${folder.join('out.zip')}\n`);
	expect(statSync(folder.join('out.zip')).mode & 0o777).toBe(0o600);
	expect(bundle()).toContain('something is odd');
	expect(bundle()).toContain('"journal_mode": "wal"');
	// Another one of the same name is not written over.
	await expect(diagnose()).rejects.toThrow(BadSetting);
	await ledger[Symbol.asyncDispose]();
	expect(existsSync(`${data}/ledger.db-wal`)).toBe(false);
	rmSync(folder.join('out.zip'));
	await diagnose();
	expect(bundle()).toContain('"journal_mode": "wal"');
});

it('tells of a damaged ledger that it is damaged, and leaves it as it is', async () => {
	writeFileSync(`${data}/ledger.db`, 'this is no database at all, and was one');
	await diagnose();
	expect(bundle()).toContain('"code":"SQLITE_NOTADB"');
	expect(bundle()).toContain('"lease": 30000');
	expect(readFileSync(`${data}/ledger.db`, 'utf8')).toBe('this is no database at all, and was one');
});

it('makes nothing of a folder that is none', async () => {
	data = folder.join('other');
	await expect(diagnose()).rejects.toThrow(BadSetting);
});
