/** Two totals that only ever grow, in bytes. */
export interface Totals {
	in: number;
	out: number;
}

/** Kernel sectors are 512 bytes in /proc/diskstats, whatever the disk says of itself. */
const SECTOR = 512;

/** All that came and went over the network but over the machine's own loopback, from the text of /proc/net/dev. */
export const networkTotals = (text: string): Totals | null => {
	const totals = { in: 0, out: 0 };
	let found = false;
	for (const line of text.split('\n')) {
		const match = /^\s*([^\s:]+):\s*(\d.*)$/.exec(line);
		if (!match || match[1] === 'lo') continue;
		const fields = match[2]!.trim().split(/\s+/).map(Number);
		const [received, sent] = [fields[0], fields[8]];
		if (received === undefined || sent === undefined) continue;
		totals.in += received;
		totals.out += sent;
		found = true;
	}
	return found ? totals : null;
};

/** What a block device has read (`in`) and written (`out`), from the text of /proc/diskstats; null for one that is not there. */
export const diskTotals = (text: string, device: { major: number; minor: number }): Totals | null => {
	for (const line of text.split('\n')) {
		const fields = line.trim().split(/\s+/);
		if (Number(fields[0]) !== device.major || Number(fields[1]) !== device.minor || fields.length < 10) continue;
		return { in: Number(fields[5]) * SECTOR, out: Number(fields[9]) * SECTOR };
	}
	return null;
};

/** The kernel's numbers of the device that a file lies on, from what `stat` says. */
export const deviceOf = (dev: number): { major: number; minor: number } => ({
	// As glibc's gnu_dev_major and gnu_dev_minor; numbers above 32 bits are not seen on any disk.
	major: (dev >>> 8) & 0xfff,
	minor: (dev & 0xff) | ((dev >>> 12) & 0xfff00),
});
