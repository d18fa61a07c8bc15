import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { OwnAddress } from '../config/own-address.ts';
import { joinHint } from './join-hint.ts';

const ADDRESS: OwnAddress = { scheme: 'https', host: '0.0.0.0', port: 8443, publicUrl: null };
const now = new Date(2026, 0, 2, 13, 41);
const made = { token: 'mnt_x', expiresAt: new Date(2026, 0, 2, 14, 41).getTime(), uses: 1 };
const clone = { entry: '/home/ada/millrace/dist/coordinator/main.js', now };

describe('joinHint', () => {
	it('is a command that works in a clone, with how long the token is good', () => {
		const hint = joinHint(made, ADDRESS, clone);
		expect(hint).toContain('For one machine, until 14:41.');
		expect(hint).toContain(
			`\n  MILLRACE_TOKEN=mnt_x node dist/agent/main.js start --coordinator https://${hostname()}:8443\n`,
		);
		expect(hint).toContain('NODE_EXTRA_CA_CERTS');
	});

	it('names the program where it is installed, several machines, and another day', () => {
		const later = { ...made, uses: 3, expiresAt: new Date(2026, 0, 3, 9, 5).getTime() };
		const hint = joinHint(later, ADDRESS, { entry: '/usr/local/bin/coordinator', now });
		expect(hint).toContain('For 3 machines, until 09:05 on Sat Jan 03 2026.');
		expect(hint).toContain('MILLRACE_TOKEN=mnt_x agent start --coordinator');
	});

	it('says when no other machine can reach the coordinator', () => {
		const hint = joinHint(made, { ...ADDRESS, scheme: 'http', host: '127.0.0.1', port: 8080 }, clone);
		expect(hint).toContain('--coordinator http://127.0.0.1:8080\n');
		expect(hint).toContain('--host 0.0.0.0');
	});
});
