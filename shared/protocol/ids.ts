import { z } from 'zod';

/** Prefixes of public ids. An id is the prefix, `_`, and 26 characters of Crockford base 32: 48 bits of milliseconds, 80 random bits. */
export const ID_PREFIXES = {
	task: 'tsk',
	file: 'fil',
	folder: 'fol',
	user: 'usr',
	node: 'nod',
	nodeToken: 'ntk',
	token: 'tok',
	appPassword: 'app',
	session: 'ses',
	job: 'job',
	group: 'grp',
	act: 'act',
	recipe: 'rcp',
	trigger: 'trg',
	schedule: 'sch',
	scheduleRun: 'srn',
	source: 'src',
	secret: 'sec',
	dataset: 'dts',
	notice: 'ntc',
	webhook: 'whk',
	delivery: 'dlv',
	budget: 'bud',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const BODY = '[0-9a-hjkmnp-tv-z]{26}';

/** Schema of a public id of one kind, for example `tsk_01jd…`. */
export const idSchema = (kind: IdKind) =>
	z.string().regex(new RegExp(`^${ID_PREFIXES[kind]}_${BODY}$`), `must be an id such as ${ID_PREFIXES[kind]}_…`);

/** Lower-case hexadecimal SHA-256 of some content. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

/** 128 random bits in hexadecimal that fence one attempt: whoever settles must show them. */
export const attemptTokenSchema = z.string().regex(/^[0-9a-f]{32}$/);
