import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteForShell } from './quote-for-shell.ts';

describe('a text quoted for the shell', () => {
	it('stays as it is where that is safe', () => {
		expect(quoteForShell('/a/b-1.jpg')).toBe('/a/b-1.jpg');
		expect(quoteForShell("it's $HOME")).toBe(`'it'\\''s $HOME'`);
	});

	it('is read back by a real shell, whatever it is', () => {
		const text = fc.string({ minLength: 1, maxLength: 20 }).filter((each) => !each.includes('\0'));
		fc.assert(
			fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
				const script = `printf '%s\\0' ${texts.map(quoteForShell).join(' ')}`;
				const printed = execFileSync('/bin/sh', ['-c', script]).toString('utf8');
				expect(printed.split('\0').slice(0, -1)).toEqual(texts);
			}),
			{ numRuns: 30 },
		);
	});
});
