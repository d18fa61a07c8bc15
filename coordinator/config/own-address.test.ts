import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import {
	addressFromElsewhere,
	addressHere,
	isHereOnly,
	type OwnAddress,
	readOwnAddress,
	writeOwnAddress,
} from './own-address.ts';

let folder: TempFolder;
beforeEach(() => {
	folder = new TempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const LOCAL: OwnAddress = { scheme: 'http', host: '127.0.0.1', port: 8080, publicUrl: null };

describe('a coordinator’s own address', () => {
	it('is found beside its data, and the last one counts', () => {
		expect(readOwnAddress(folder.path)).toBeNull();
		writeOwnAddress(folder.path, LOCAL);
		writeOwnAddress(folder.path, { ...LOCAL, port: 8081 });
		expect(readOwnAddress(folder.path)).toEqual({ ...LOCAL, port: 8081 });
	});

	it('counts as unknown when the file is damaged', () => {
		writeFileSync(folder.join('address.json'), '{"scheme": "ftp"');
		expect(readOwnAddress(folder.path)).toBeNull();
	});

	it('is another one for other machines', () => {
		const everywhere: OwnAddress = { ...LOCAL, scheme: 'https', host: '0.0.0.0', port: 8443 };
		expect(addressHere(everywhere)).toBe('https://localhost:8443');
		expect(addressFromElsewhere(everywhere)).toBe(`https://${hostname()}:8443`);
		expect(addressFromElsewhere({ ...LOCAL, host: 'fd00::1' })).toBe('http://[fd00::1]:8080');
		const behindProxy = { ...LOCAL, publicUrl: 'https://mill.example' };
		expect([addressHere(behindProxy), addressFromElsewhere(behindProxy)]).toEqual([
			'https://mill.example',
			'https://mill.example',
		]);
	});

	it('knows when other machines cannot reach it', () => {
		expect(isHereOnly(LOCAL)).toBe(true);
		expect(isHereOnly({ ...LOCAL, host: '0.0.0.0' })).toBe(false);
		expect(isHereOnly({ ...LOCAL, publicUrl: 'https://mill.example' })).toBe(false);
	});
});
