import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { BadSetting } from '../config/coordinator-config.ts';
import { openLedger } from './open-ledger.ts';

let folder: TempFolder;
beforeEach(() => {
	folder = new TempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

it('begins no installation, and says where it looked and what to do', () => {
	const [missing, empty] = [folder.join('missing'), folder.join('empty')];
	mkdirSync(empty);
	for (const data of [missing, empty]) {
		expect(() => openLedger(data)).toThrow(BadSetting);
		expect(() => openLedger(data)).toThrow(
			new RegExp(`${data}\\. Name the folder .*--data DIR or MILLRACE_DATA.*coordinator start$`),
		);
	}
	expect(existsSync(missing)).toBe(false);
	expect(existsSync(`${empty}/ledger.db`)).toBe(false);
});

it('leaves to the disk what is wrong with it', () => {
	writeFileSync(folder.join('file'), '');
	expect(() => openLedger(folder.join('file'))).toThrow(/ENOTDIR/);
});
