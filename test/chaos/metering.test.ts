import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ReportedUsage, Settlement } from '../../shared/protocol/agent-link.ts';
import { IS_LONG, rounds } from '../support/chaos-length.ts';
import { type Scripts, writeCommandTypes } from '../support/command-types.ts';
import { FakeCoordinator } from '../support/fake-coordinator.ts';
import { makeJpeg, withComment } from '../support/make-images.ts';
import { childrenOf, cpuTicks } from '../support/processes.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { TempFolder } from '../support/temp-folder.ts';

/** Of the programs; thumbnails come on top. */
const ATTEMPTS = rounds(36, 440);
const AT_ONCE = 4;

const folder = new TempFolder();
const books = folder.join('books');
mkdirSync(books, { mode: 0o777 });

/*
 * Outside measurement: every process of a program writes what the kernel says of it (getrusage, by bash's `times`: first
 * line itself, second line those it waited for) into a file of its own, line by line, so that what was killed has told too.
 */
const HEAD = `
exec 2>/dev/null
book() { times >> "${books}/$MILLRACE_ATTEMPT.$1"; }
spin() { local i; for ((i = 0; i < $1; i++)); do :; done; }
`;
const bash = (script: string) => ({ script: `exec bash -c '${HEAD}${script.replaceAll("'", `'\\''`)}' "$@"` });

const PROGRAMS: Scripts = {
	spin: bash('spin 20000; book main'),
	sleep: bash('sleep 0.05; book main'),
	// Three levels, each waits for the one below.
	tree: bash('( spin 4000; ( spin 4000; ( spin 4000 ) & wait ) & spin 3000; wait ) & spin 2000; wait; book main'),
	shorts: bash('for ((n = 0; n < 12; n++)); do /bin/true; done; book main'),
	// Nobody waits for it, and it is in a session of its own.
	daemon: bash(`
( setsid bash -c 'for ((i = 0; i < 20000; i++)); do :; done; times > "$0"' "${books}/$MILLRACE_ATTEMPT.daemon" & )
until { read -r a && read -r a; } < "${books}/$MILLRACE_ATTEMPT.daemon"; do sleep 0.02; done
book main`),
	// Deaf, killed while it spins.
	deaf: bash('trap "" TERM; ( while :; do spin 50; book child; done ) & while :; do spin 50; book main; done'),
	// Killed while it rests; stopped, since what it might run to rest would not be in its books.
	lazy: bash('trap "" TERM; ( spin 8000; book child; kill -STOP $BASHPID ) & spin 4000; book main; kill -STOP $$'),
	failing: bash('spin 8000; book main; exit 1'),
	// Takes its runner with it.
	crash: bash(`
( spin 8000; book child; kill -STOP $BASHPID ) & spin 8000
until { read -r a && read -r a; } < "${books}/$MILLRACE_ATTEMPT.child"; do sleep 0.02; done
book main; kill -KILL $PPID; kill -STOP $$`),
	confined: bash(`
spin 40000; ( spin 10000 ) & wait; times > /tmp/book
printf "{\\"book\\": \\"%s\\"}" "$(tr "\\n" "|" < /tmp/book)" > "$MILLRACE_RESULT"`),
};
const KINDS = ['spin', 'sleep', 'tree', 'shorts', 'daemon', 'deaf', 'lazy', 'failing', 'crash'] as const;

/** Milliseconds in `1m2.345s`. */
const msOf = (time: string): number => {
	const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
	return Number(minutes) * 60_000 + Number(seconds) * 1_000;
};

/** What a process's book says: the last whole pair of lines, itself and those it waited for. */
const booked = (text: string): number => {
	const lines = text.split('\n');
	// What was being written when it was killed has no line feed.
	const whole = lines.slice(0, Math.floor((lines.length - 1) / 2) * 2).slice(-2);
	return whole.flatMap((line) => line.split(' ')).reduce((sum, time) => sum + msOf(time), 0);
};

const outsideMs = (task: string): number =>
	readdirSync(books)
		.filter((name) => name.startsWith(`${task}:`))
		.reduce((sum, name) => sum + booked(readFileSync(join(books, name), 'utf8')), 0);

const errorOf = (usage: ReportedUsage, outside: number) => Math.abs((usage.cpuMs ?? 0) - outside);

/** Where the kernel keeps the account of a process's control group of version 2, if it has one other than this process's. */
const groupFolder = (pid: number | 'self'): string | null => {
	const path = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? '/';
	const mount = readFileSync('/proc/self/mountinfo', 'utf8')
		.split('\n')
		.find((line) => line.includes(' - cgroup2 '))
		?.split(' ')[4];
	return mount === undefined ? null : join(mount, path);
};
const isGrouped = (pid: number): boolean => groupFolder(pid) !== groupFolder('self');

/** Reads the CPU of a process in milliseconds: its group's, which counts threads that have ended, or else in clock ticks. */
const cpuReader = (pid: number): (() => number) => {
	const group = isGrouped(pid) ? groupFolder(pid) : null;
	return () => {
		if (group === null) return cpuTicks(pid) * 10;
		return Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'))?.[1]) / 1_000;
	};
};

let fake: FakeCoordinator;

beforeAll(async () => {
	writeCommandTypes(folder.join('types'), PROGRAMS);
	fake = await FakeCoordinator.start();
});
afterAll(async () => {
	await fake?.close();
	await folder[Symbol.asyncDispose]();
});

type Line = { kind: string; told: ReportedUsage; outside: number };

/** Told when a test fails, and by the long form: how far off each kind was. */
const summary = (lines: readonly Line[]): string => {
	const kinds = [...new Set(lines.map(({ kind }) => kind))];
	return kinds
		.map((kind) => {
			const of = lines.filter((line) => line.kind === kind);
			const errors = of.map(({ told, outside }) => errorOf(told, outside)).sort((a, b) => a - b);
			const mean = of.reduce((sum, { outside }) => sum + outside, 0) / of.length;
			const at = (share: number) => errors[Math.min(errors.length - 1, Math.floor(errors.length * share))]?.toFixed(2);
			return `${kind}: ${of.length} x ${mean.toFixed(1)} ms, off by ${at(0.5)} (median), ${at(1)} ms (most)`;
		})
		.join('\n');
};

/** Every attempt within the bar, but for few that a busy machine has disturbed: the end of a process costs CPU after its last word. */
const expectAgreement = (lines: readonly Line[], slackMs: number): void => {
	const off = lines.filter(({ told, outside }) => errorOf(told, outside) > Math.max(slackMs, outside * 0.02));
	expect(off.length, `${summary(lines)}\n${JSON.stringify(off)}`).toBeLessThanOrEqual(Math.ceil(lines.length * 0.05));
	for (const { kind, told, outside } of lines) {
		expect(errorOf(told, outside), `${kind}: ${JSON.stringify(told)}, outside ${outside} ms`).toBeLessThan(
			slackMs + 45,
		);
	}
};

const runKinds = async (count: number, kinds: readonly string[]): Promise<Line[]> => {
	const lines: Line[] = [];
	let next = 0;
	const work = async () => {
		for (let number = next++; number < count; number = next++) {
			const kind = kinds[number % kinds.length] ?? '';
			const isKilled = kind === 'deaf' || kind === 'lazy';
			const limits = isKilled ? { softMs: 1_200, hardMs: 1_800 } : {};
			const { outcome, usage, task } = await fake.run(kind, { limits });
			const isFailure = isKilled || kind === 'failing' || kind === 'crash';
			expect({ kind, outcome }).toEqual({ kind, outcome: isFailure ? 'failed' : 'succeeded' });
			const outside = outsideMs(task);
			// On a machine that is busy beyond measure one may be killed before it comes to its first word.
			if (outside > 0 || !isKilled) lines.push({ kind, told: usage, outside });
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return lines;
};

vi.setConfig({ testTimeout: rounds(120_000, 1_200_000) });

describe.skipIf(process.platform !== 'linux')('what the agent says that attempts have used', () => {
	test('of programs is what the kernel has told the programs themselves, also of killed ones', async () => {
		const args = ['--task-types', folder.join('types'), '--sandbox', 'none'];
		await using _agent = await startAgent(fake, { concurrency: AT_ONCE, args });
		const lines = await runKinds(ATTEMPTS, KINDS);
		if (IS_LONG) console.log(summary(lines));
		const isGroup = lines.some(({ told }) => told.measured === 'cgroup');
		// Where this machine lets nobody make control groups, programs are measured in ticks of 10 ms, user and system apart.
		expectAgreement(
			lines.filter(({ kind }) => kind !== 'crash'),
			isGroup ? 5 : 25,
		);
		// Who takes its runner with it is told with the death of that.
		for (const { kind, told, outside } of lines) {
			if (kind === 'crash' && isGroup) expect((told.cpuMs ?? 0) - outside).toBeGreaterThan(-5);
		}
	});

	test('of programs, where no control groups are made, is the same to some clock ticks', async () => {
		const args = ['--task-types', folder.join('types'), '--sandbox', 'none', '--metering', 'proc'];
		await using _agent = await startAgent(fake, { concurrency: AT_ONCE, args });
		const lines = await runKinds(rounds(10, 60), ['spin', 'tree', 'shorts', 'deaf', 'lazy']);
		for (const { told } of lines) expect(told.measured).toBe('proc');
		expectAgreement(lines, 25);
	});

	test('of programs in a sandbox is what they say themselves, and the making of the sandbox', async () => {
		const args = ['--task-types', folder.join('types'), '--sandbox', 'auto'];
		await using _agent = await startAgent(fake, { concurrency: 2, args });
		for (let round = 0; round < rounds(2, 20); round++) {
			const settlement = await fake.run('confined');
			const { book } = (settlement as Extract<Settlement, { outcome: 'succeeded' }>).result as { book: string };
			const [outside, cpuMs] = [booked(book.replaceAll('|', '\n')), settlement.usage.cpuMs ?? 0];
			expect(outside).toBeGreaterThan(0);
			expect(cpuMs).toBeGreaterThan(outside * 0.98 - 25);
			expect(cpuMs).toBeLessThan(outside * 1.02 + 150);
			expect(settlement.usage.memoryMibMs).toBeGreaterThan(0);
		}
	});

	test('of thumbnails is what the process that makes them has used', async () => {
		await using agent = await startAgent(fake, { concurrency: 1 });
		const picture = await makeJpeg(new SeededRandom(6), { megapixels: 6 });
		const thumbnail = async (number: number) => {
			const image = fake.addInput(withComment(picture, `picture ${number}`), 'image.jpg');
			return (await fake.run('thumbnail', { inputs: [image] })).usage;
		};
		await thumbnail(-1);
		const [child = 0] = childrenOf(agent.pid);
		const outside = cpuReader(child);
		const lines: Line[] = [];
		for (let number = 0; number < rounds(6, 60); number++) {
			const before = outside();
			const told = await thumbnail(number);
			lines.push({ kind: 'thumbnail', told, outside: outside() - before });
			expect(told).toMatchObject({ measured: 'rusage' });
		}
		if (IS_LONG) console.log(summary(lines));
		// With it comes what the process does between two runs: it hears of one, tells of its end, and tidies up now and then.
		const errors = lines.map(({ told, outside: used }) => errorOf(told, used)).sort((a, b) => a - b);
		expect(errors[Math.floor(errors.length / 2)], summary(lines)).toBeLessThan(isGrouped(child) ? 5 : 25);
		expect(errors.at(-1), summary(lines)).toBeLessThan(70);
	});
});
