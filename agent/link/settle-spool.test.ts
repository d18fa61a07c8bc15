import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Settlement } from '../../shared/protocol/agent-link.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { SettleSpool } from './settle-spool.ts';

const folder = new TempFolder();
afterAll(() => folder[Symbol.asyncDispose]());

let warnings: string[] = [];
const log = { info: () => {}, warn: (_: object, text: string) => void warnings.push(text) };
beforeEach(() => {
	warnings = [];
});

let files = 0;
const newPath = () => folder.join(`spool-${++files}.jsonl`);

const settlement = (number: number, text = ''): Settlement => ({
	task: `tsk_${String(number).padStart(26, '0')}`,
	attempt: 1,
	token: 'a'.repeat(32),
	outcome: 'succeeded',
	result: { text },
	outputs: [],
	usage: { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 },
});

const kept = (path: string): Settlement[] => {
	const opened = SettleSpool.open(path, log);
	opened.spool.close();
	return [...opened.kept.values()];
};

describe('the spool of settlements', () => {
	it('gives back after a restart what nobody acknowledged, in order', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		const numbers = spool.append([settlement(1), settlement(2), settlement(3)]);
		spool.acknowledge([numbers[1] ?? 0]);
		spool.close();
		expect(kept(path)).toEqual([settlement(1), settlement(3)]);
		expect(kept(path), 'and again, as long as it is not acknowledged').toHaveLength(2);
	});

	it('survives a death in the middle of a line', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.append([settlement(1), settlement(2)]);
		truncateSync(path, statSync(path).size - 20);
		expect(kept(path)).toEqual([settlement(1)]);
	});

	it('reads on after a torn line that a later run wrote behind', () => {
		const path = newPath();
		SettleSpool.open(path, log).spool.append([settlement(1)]);
		const line = readFileSync(path, 'utf8').replace('"s":1', '"s":9');
		appendFileSync(path, `{"s":2,"v":{"task":\n${line}`);
		expect(kept(path)).toHaveLength(2);
	});

	it('skips what is no settlement, whatever it is, and says so', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.append([settlement(1)]);
		const good = readFileSync(path, 'utf8');
		const value = good.slice(good.indexOf('"v"'), -1);
		const damaged = ['nonsense', '{"s":1,"v":{"task":"x"}}', 'null', '7', '[]', '"a"', '{}', '{"a":5}', '{"a":"x"}'];
		damaged.push('{"a":null}', '{"a":{"length":1}}', '{"a":[1,null]}', '{"s":"x"}', '{"v":1}', '{"s":1}');
		damaged.push(`{"s":"x",${value}`, `{"s":1e300,${value}`, `{"s":-1,${value}`, `{"s":1.5,${value}`, '\0\0\ufffd');
		for (const line of damaged) {
			writeFileSync(path, `${line}\n${good}`);
			warnings = [];
			expect(kept(path), line).toEqual([settlement(1)]);
			expect(warnings, line).toEqual([expect.stringContaining('damaged')]);
		}
	});

	it('reads anything at all', () => {
		const path = newPath();
		const line = fc.oneof(
			fc.json(),
			fc.string(),
			fc.record({ a: fc.jsonValue() }).map((value) => JSON.stringify(value)),
		);
		fc.assert(
			fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
				writeFileSync(path, lines.join('\n'));
				expect(kept(path)).toEqual([]);
			}),
			{ numRuns: 100 },
		);
	});

	it('goes on with the file as it is when the disk does not let it begin anew, and does so later', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.append([settlement(1)]);
		mkdirSync(`${path}.new`);
		const text = 'x'.repeat(100_000);
		const work = (count: number) => {
			for (let i = 0; i < count; i++) spool.acknowledge(spool.append([settlement(2, text)]));
		};
		work(85);
		expect(warnings).toEqual([expect.stringContaining('could not be written anew')]);
		expect(statSync(path).size).toBeGreaterThan(8 * 1024 * 1024);
		rmSync(`${path}.new`, { recursive: true });
		work(85);
		expect(statSync(path).size).toBeLessThan(8 * 1024 * 1024);
		spool.close();
		expect(kept(path)).toEqual([settlement(1)]);
	});

	it('opens after a torn line although the disk does not let it begin anew', () => {
		const path = newPath();
		SettleSpool.open(path, log).spool.append([settlement(1), settlement(2)]);
		truncateSync(path, statSync(path).size - 20);
		mkdirSync(`${path}.new`);
		const { spool } = SettleSpool.open(path, log);
		spool.append([settlement(3)]);
		spool.close();
		expect(kept(path)).toEqual([settlement(1), settlement(3)]);
	});

	it('does not give a number out twice after a restart', () => {
		const path = newPath();
		const [first] = SettleSpool.open(path, log).spool.append([settlement(1)]);
		const { spool } = SettleSpool.open(path, log);
		const [second] = spool.append([settlement(2)]);
		expect(second).toBeGreaterThan(first ?? 0);
		spool.acknowledge([first ?? 0]);
		spool.close();
		expect(kept(path)).toEqual([settlement(2)]);
	});

	it('is empty on disk when everything is acknowledged', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.acknowledge(spool.append([settlement(1), settlement(2)]));
		spool.close();
		expect(readFileSync(path, 'utf8')).toBe('');
	});

	it('stays small however much goes through it, and keeps what is open', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.append([settlement(1)]);
		const text = 'x'.repeat(10_000);
		let largest = 0;
		for (let i = 0; i < 3_000; i++) {
			spool.acknowledge(spool.append([settlement(i + 2, text)]));
			largest = Math.max(largest, statSync(path).size);
		}
		expect(largest).toBeLessThan(9 * 1024 * 1024);
		spool.close();
		expect(kept(path)).toEqual([settlement(1)]);
	});

	it('gives up the oldest when a restart finds more than it can take up', () => {
		const path = newPath();
		const { spool } = SettleSpool.open(path, log);
		spool.append(Array.from({ length: 10_050 }, (_, number) => settlement(number)));
		spool.close();
		const left = kept(path);
		expect(left).toHaveLength(10_000);
		expect(left[0]).toEqual(settlement(50));
	});

	it('holds exactly what was written and not acknowledged, whatever happens in which order', () => {
		const step = fc.oneof(
			fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }),
			fc.record({ do: fc.constant('acknowledge' as const), at: fc.nat(30) }),
			fc.record({ do: fc.constant('restart' as const) }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
				const path = newPath();
				let { spool } = SettleSpool.open(path, log);
				const open = new Map<number, Settlement>();
				let count = 0;
				for (const one of steps) {
					if (one.do === 'append') {
						const batch = Array.from({ length: one.count }, () => settlement(++count));
						spool.append(batch).forEach((number, index) => {
							open.set(number, batch[index] as Settlement);
						});
					} else if (one.do === 'acknowledge') {
						const number = [...open.keys()][one.at];
						if (number === undefined) continue;
						spool.acknowledge([number]);
						open.delete(number);
					} else {
						spool.close();
						const opened = SettleSpool.open(path, log);
						spool = opened.spool;
						expect([...opened.kept]).toEqual([...open]);
					}
				}
				spool.close();
			}),
			{ numRuns: 60 },
		);
	});
});
