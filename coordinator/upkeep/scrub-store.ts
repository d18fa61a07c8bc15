import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareTellDamage } from './tell-damage.ts';

export interface ScrubState {
	/** The hash up to which this round has read. */
	after: string;
	begunAt: number | null;
	endedAt: number | null;
	blobs: number;
	bytes: number;
}

export const readScrub = readOperation('upkeep.read-scrub', (db) => {
	const select = db.prepare(
		'SELECT lower(hex(after)) AS after, begun_at AS begunAt, ended_at AS endedAt, blobs, bytes FROM scrub',
	);
	return (_: null) => select.get() as ScrubState;
});

/** Content that something refers to, in the order of hashes, from there on. */
export const listToScrub = readOperation('upkeep.list-to-scrub', (db) => {
	const select = db.prepare(
		'SELECT lower(hex(sha256)) AS sha256, size FROM blobs WHERE sha256 > ? AND refs > 0 ORDER BY sha256 LIMIT ?',
	);
	return ({ after, limit }: { after: string; limit: number }) =>
		select.all(Buffer.from(after, 'hex'), limit) as { sha256: string; size: number }[];
});

/**
 * Notes how far it has come, what was found and what is whole again, and tells whose it is what was not known before. A
 * fault counts only while something refers to the content: it may have been swept while it was read. Answers how many
 * deliveries there are to be made of what was told.
 */
export const noteScrubbed = writeOperation('upkeep.note-scrubbed', (db) => {
	const step = db.prepare(
		`UPDATE scrub SET after = @after, begun_at = coalesce(begun_at, @now), blobs = blobs + @blobs, bytes = bytes + @bytes`,
	);
	const end = db.prepare(`UPDATE scrub SET after = x'', begun_at = NULL, ended_at = @now, blobs = 0, bytes = 0`);
	const damaged = db.prepare(
		`INSERT INTO damaged_blobs SELECT sha256, @now, @fault FROM blobs WHERE sha256 = @sha256 AND refs > 0
		 ON CONFLICT (sha256) DO UPDATE SET fault = excluded.fault RETURNING 1`,
	);
	const isKnown = db.prepare('SELECT 1 FROM damaged_blobs WHERE sha256 = ?').pluck();
	const tell = prepareTellDamage(db);
	const whole = db.prepare('DELETE FROM damaged_blobs WHERE sha256 = ?');
	const forget = db.prepare(
		'DELETE FROM damaged_blobs WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.sha256 = damaged_blobs.sha256 AND b.refs > 0)',
	);
	return (read: {
		now: number;
		blobs: { sha256: string; size: number; fault: string | null }[];
		isEnd: boolean;
	}): number => {
		const found: Buffer[] = [];
		for (const { sha256, fault } of read.blobs) {
			const key = Buffer.from(sha256, 'hex');
			if (fault === null) whole.run(key);
			else {
				const isNew = isKnown.get(key) === undefined;
				if (damaged.get({ now: read.now, fault, sha256: key }) && isNew) found.push(key);
			}
		}
		const last = read.blobs.at(-1);
		if (last) {
			const bytes = read.blobs.reduce((sum, { size }) => sum + size, 0);
			step.run({ after: Buffer.from(last.sha256, 'hex'), now: read.now, blobs: read.blobs.length, bytes });
		}
		if (read.isEnd) {
			end.run({ now: read.now });
			forget.run();
		}
		return found.length === 0 ? 0 : tell(found, read.now);
	};
});

/** Content that was found damaged and something refers to still, with the files that it was. */
export const listDamaged = readOperation('upkeep.list-damaged', (db) => {
	const count = db.prepare('SELECT count(*) FROM damaged_blobs').pluck();
	const select = db.prepare(
		`SELECT lower(hex(d.sha256)) AS sha256, d.found_at AS foundAt, d.fault, b.size, b.seq FROM damaged_blobs d
		 JOIN blobs b ON b.sha256 = d.sha256 WHERE b.refs > 0 ORDER BY d.found_at DESC, d.sha256 LIMIT ?`,
	);
	const files = db
		.prepare(
			`SELECT DISTINCT f.id FROM file_versions v JOIN files f ON f.seq = v.file_seq WHERE v.blob_seq = ? ORDER BY f.seq LIMIT 10`,
		)
		.pluck();
	return ({ limit }: { limit: number }) => {
		const rows = select.all(limit) as { sha256: string; foundAt: number; fault: string; size: number; seq: number }[];
		const items = rows.map(({ seq, ...row }) => ({ ...row, files: files.all(seq) as string[] }));
		return { count: count.get() as number, items };
	};
});

export const SCRUB_OPERATIONS = [readScrub, listToScrub, noteScrubbed, listDamaged];
