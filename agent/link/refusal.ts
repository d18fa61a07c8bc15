/** The coordinator will not have this node; trying again by itself cannot help. */
export class Refused extends Error {
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.name = 'Refused';
		this.code = code;
	}
}

const FATAL: Readonly<Record<string, string>> = {
	'node-revoked':
		'An administrator has revoked this node. To join again, start with a new work folder and a new token.',
	'node-unknown': 'The coordinator does not know this node (was its data replaced?). Start with a new --token to join.',
	'bad-signature': 'The coordinator does not accept this node’s key. Start with a new work folder and a new token.',
	'protocol-version':
		'The coordinator speaks another protocol version. Install the agent of the coordinator’s release.',
};

/** The refusal as an error with advice when it is final; null when trying again makes sense. */
export const fatalRefusal = (code: string, message: string): Refused | null => {
	const advice = Object.hasOwn(FATAL, code) ? FATAL[code] : undefined;
	return advice === undefined ? null : new Refused(code, `${message.replace(/\.?$/, '.')} ${advice}`);
};
