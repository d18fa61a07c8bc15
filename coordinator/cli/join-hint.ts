import { basename } from 'node:path';
import { addressFromElsewhere, isHereOnly, type OwnAddress } from '../config/own-address.ts';

/** In a clone the programs are run by node; where Millrace is installed they have names of their own. */
const agentCommand = (entry: string): string =>
	basename(entry) === 'coordinator' ? 'agent' : 'node dist/agent/main.js';

const two = (n: number): string => String(n).padStart(2, '0');

/** `14:41`, with the day when that is not today. */
const until = (at: Date, now: Date): string => {
	const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
	return at.toDateString() === now.toDateString() ? time : `${time} on ${at.toDateString()}`;
};

/** What to do with a node token: a command that works as it stands, and for how many machines and how long. */
export const joinHint = (
	made: { token: string; expiresAt: number; uses: number },
	address: OwnAddress,
	{ entry, now = new Date() }: { entry: string; now?: Date },
): string => {
	const machines = made.uses === 1 ? 'one machine' : `${made.uses} machines`;
	const url = addressFromElsewhere(address);
	const lines = [
		`For ${machines}, until ${until(new Date(made.expiresAt), now)}. On the new machine:`,
		// By the environment: everybody on a machine can read its command lines.
		`  MILLRACE_TOKEN=${made.token} ${agentCommand(entry)} start --coordinator ${url}`,
	];
	if (isHereOnly(address)) {
		lines.push(
			'Other machines cannot reach it: it listens on this one only. Start the coordinator with --host 0.0.0.0.',
		);
	} else if (url.startsWith('https:')) {
		lines.push('If its certificate is self-signed, copy that too and put NODE_EXTRA_CA_CERTS=cert.pem in front.');
	}
	return lines.join('\n');
};
