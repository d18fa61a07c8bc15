import { bytesInWords } from '../../shared/byte-words.ts';
import { durationInWords } from '../../shared/duration-words.ts';
import { type Finding, notSetUp, well } from './check.ts';
import type { HealthFacts } from './facts.ts';

const DAY_MS = 86_400_000;
/** The log is emptied at 16 MiB and more; beyond these something keeps it from being emptied. */
const WAL_WARNS = 150e6;
const WAL_FAILS = 1e9;
/** Before a certificate ends. */
const CERTIFICATE_WARNS_MS = 21 * DAY_MS;
const CERTIFICATE_FAILS_MS = 3 * DAY_MS;

export const checkLedger = ({ ledger }: HealthFacts): Finding =>
	ledger.answers
		? well('ledger', 'The ledger answers.')
		: {
				...{ name: 'ledger', state: 'fail', what: `The ledger does not answer: ${ledger.why}` },
				do: 'Look at the coordinator’s log and at its disk, then restart the coordinator. If the ledger is damaged, restore a backup: docs/operations.md.',
			};

/** Uploads stop at the watermark. */
export const refusesUploads = ({ free, watermark }: NonNullable<HealthFacts['disk']>): boolean => free < watermark;

/** It warns at twice the watermark, while there is time. */
export const checkDisk = ({ disk }: HealthFacts): Finding => {
	if (disk === null) {
		const todo = 'Look whether the data folder’s disk is still there: ls and df, on the coordinator’s machine.';
		return { name: 'disk', state: 'fail', what: 'The data folder’s disk cannot be looked at.', do: todo };
	}
	const { free, total, watermark } = disk;
	const what = `${bytesInWords(free)} of ${bytesInWords(total)} are free; uploads are refused below ${bytesInWords(watermark)}.`;
	if (free >= 2 * watermark) return well('disk', what);
	const todo =
		'Make room: empty the trash sooner (--trash-days), delete what is not needed, or move the data folder to a larger disk.';
	return { name: 'disk', state: refusesUploads(disk) ? 'fail' : 'warn', what, do: todo };
};

export const checkWal = ({ walBytes }: HealthFacts): Finding => {
	const size = walBytes ?? 0;
	const what = `The ledger’s write-ahead log has ${bytesInWords(size)}.`;
	if (size < WAL_WARNS) return well('write-ahead-log', what);
	const todo =
		'Something reads the ledger for very long: end other programs that have ledger.db open (a copy, an SQLite shell). If there is none, restart the coordinator.';
	return { name: 'write-ahead-log', state: size < WAL_FAILS ? 'warn' : 'fail', what, do: todo };
};

export const checkCertificate = ({ certificateEndsAt, now }: HealthFacts): Finding => {
	if (certificateEndsAt === null) {
		const what = 'The coordinator speaks plain HTTP; whoever ends HTTPS before it looks after the certificate.';
		return notSetUp(
			'certificate',
			what,
			'Give it one with --tls-cert and --tls-key, or have your proxy watch its own.',
		);
	}
	const left = certificateEndsAt - now;
	const when = new Date(certificateEndsAt).toISOString().slice(0, 16).replace('T', ' ');
	if (left >= CERTIFICATE_WARNS_MS) return well('certificate', `The certificate is good until ${when} UTC.`);
	const what =
		left > 0
			? `The certificate ends in ${durationInWords(left)}, at ${when} UTC.`
			: `The certificate ended at ${when} UTC: browsers and agents refuse to connect.`;
	const todo = 'Put the new one where --tls-cert and --tls-key point, then restart the coordinator.';
	return { name: 'certificate', state: left < CERTIFICATE_FAILS_MS ? 'fail' : 'warn', what, do: todo };
};
