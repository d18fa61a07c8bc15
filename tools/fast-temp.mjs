import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
const NAME = /^millrace-run-(\d+)-/;
/** Far more than all tests together have there at any one moment. */
const ROOM = 4 * 1024 ** 3;

/** Tests start programs that lie there, which some systems forbid. */
const mayHoldPrograms = () => {
	const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
	const [, , type, options = ''] = mounts.map((line) => line.split(' ')).findLast(([, at]) => at === IN_MEMORY) ?? [];
	return type === 'tmpfs' && !options.split(',').includes('noexec');
};

const hasRoom = () => {
	const { bavail, bsize } = statfsSync(IN_MEMORY);
	return Math.min(bavail * bsize, process.availableMemory()) >= ROOM;
};

/** What runs that were killed have left there. */
const tidy = () => {
	for (const name of readdirSync(IN_MEMORY)) {
		const [, pid] = NAME.exec(name) ?? [];
		if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(IN_MEMORY, name), { recursive: true, force: true });
	}
};

/**
 * A folder for one run of the tests to keep its temporary files in: in memory where there is plenty, else null, which
 * stands for the system's own. Tests sync to the disk a hundred thousand times, and on a disk that others use they wait
 * for that longer than they work. That it is synced at all is proven by watching the calls (sync-before-ack), which a
 * disk would not prove either. A folder that somebody has chosen by TMPDIR is kept to.
 */
export const fastTemp = () => {
	if (process.platform !== 'linux' || process.env.TMPDIR) return null;
	try {
		tidy();
		if (!mayHoldPrograms() || !hasRoom()) return null;
		const folder = mkdtempSync(join(IN_MEMORY, `millrace-run-${process.pid}-`));
		// Programs that give root's rights away work below it.
		chmodSync(folder, 0o711);
		return folder;
	} catch {
		// Whatever is unusual about this machine: the system's own folder does as well, only slower.
		return null;
	}
};
