import { appendFileSync, readFileSync } from 'node:fs';
import { afterAll, expect } from 'vitest';

/** Clock ticks of /proc a second; fixed in Linux's interface to programs. */
const TICKS_PER_SECOND = 100;
const MS = { perTick: 1_000 / TICKS_PER_SECOND, perUs: 1 / 1_000 };

/** Processor time of this process and of the processes that it started and that have ended, theirs included; ms. */
const spent = (): { own: number; programs: number } => {
	const { user, system } = process.cpuUsage();
	const stat = process.platform === 'linux' ? readFileSync('/proc/self/stat', 'latin1') : '';
	// Counted after the name, which may contain anything: cutime and cstime are numbers 16 and 17.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return {
		own: (user + system) * MS.perUs,
		programs: (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * MS.perTick,
	};
};

// As the first set-up file of vitest: what follows is the file's own, and its hook runs when all others have.
const file = process.env.MILLRACE_COST_FILE;
const [startedAt, before] = [performance.now(), spent()];
if (file) {
	afterAll(() => {
		const now = spent();
		const cost = {
			file: expect.getState().testPath,
			wall: performance.now() - startedAt,
			own: now.own - before.own,
			programs: now.programs - before.programs,
		};
		appendFileSync(file, `${JSON.stringify(cost)}\n`);
	});
}
