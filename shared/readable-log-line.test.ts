import { expect, it } from 'vitest';
import { readableLogLine } from './readable-log-line.ts';

const line = (fields: object) =>
	readableLogLine(JSON.stringify({ level: 30, time: '2026-01-02T03:04:05.000Z', ...fields }));

it('says level, time of day, what happened and the facts', () => {
	expect(line({ msg: 'joined', node: 'nod_1', slots: 4, agent: 'vm', which: ['a'] })).toMatch(
		/^\d\d:\d\d:05 info joined {2}node=nod_1 {2}slots=4 {2}which=\["a"\]\n$/,
	);
});

it('tells an error by its message', () => {
	expect(
		line({ level: 50, msg: 'failed', err: { type: 'Error', message: 'no room', stack: 'Error: no room\n at x' } }),
	).toMatch(/ERROR failed {2}err=no room\n$/);
});

it('lets through nothing that a terminal obeys', () => {
	const out = line({ msg: 'a\u001b[2J\nb', path: '/\u009b31m\u202e' });
	expect(out).toContain('a\\u001b[2J\\u000ab');
	expect(out).toContain('/\\u009b31m\\u202e');
});

it('shows what is no line of a log, or was cut, as it is', () => {
	expect(readableLogLine('{"level":30,"ms\u001b[2J')).toBe('{"level":30,"ms\\u001b[2J\n');
});
