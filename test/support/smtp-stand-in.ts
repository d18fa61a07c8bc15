import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

interface ReceivedMail {
	from: string;
	to: string[];
	text: string;
}

interface StandInOptions {
	/** It offers STARTTLS, or speaks TLS from the first byte. */
	tls?: { cert: string; key: string; implicit?: boolean };
	/** It wants these, and takes no mail before. */
	credentials?: { user: string; password: string };
}

/** A mail server on loopback that keeps what it is sent, and can be told to misbehave. */
export class SmtpStandIn implements AsyncDisposable {
	readonly mails: ReceivedMail[] = [];
	readonly commands: string[] = [];
	/**
	 * What it says instead, by the word that a command begins with (`CONNECT` and `END` of the mail, too). Null: nothing,
	 * ever; an empty text: it closes the connection.
	 */
	says: (word: string) => string | null | undefined = () => undefined;
	readonly #options: StandInOptions;
	readonly #sockets = new Set<Socket>();
	readonly #server = createServer((socket) => this.#take(socket));

	private constructor(options: StandInOptions) {
		this.#options = options;
	}

	static async start(options: StandInOptions = {}): Promise<SmtpStandIn> {
		const server = new SmtpStandIn(options);
		await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
		return server;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** A header of a mail, unfolded. */
	static header({ text }: ReceivedMail, name: string): string | undefined {
		const [head = ''] = text.split('\r\n\r\n', 1);
		const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
		const found = lines.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `));
		return found?.slice(name.length + 2);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#take(plain: Socket): void {
		this.#sockets.add(plain);
		plain.on('close', () => this.#sockets.delete(plain)).on('error', () => plain.destroy());
		const { tls } = this.#options;
		if (tls?.implicit) this.#serve(this.#sealed(plain), true);
		else this.#serve(plain, false);
	}

	#sealed(plain: Socket): TLSSocket {
		const { cert, key } = this.#options.tls!;
		const sealed = new TLSSocket(plain, { isServer: true, cert, key });
		sealed.on('error', () => plain.destroy());
		return sealed;
	}

	#serve(socket: Socket, isSealed: boolean, isGreeted = false): void {
		const { tls, credentials } = this.#options;
		let mail: ReceivedMail = { from: '', to: [], text: '' };
		let isKnown = credentials === undefined;
		let inData = false;
		let unread = '';
		/** Answers; true: as it would have. */
		const say = (word: string, usual: string): boolean => {
			const said = this.says(word);
			if (said === null) return false;
			if (said === '') socket.destroy();
			else socket.write(`${said ?? usual}\r\n`);
			return said === undefined;
		};
		const command = (line: string): void => {
			this.commands.push(line);
			const word = line.split(/[ :]/, 1)[0]!.toUpperCase();
			const offers = [
				...(tls && !isSealed ? ['STARTTLS'] : []),
				...(credentials ? ['AUTH PLAIN'] : []),
				'SIZE 1000000',
			];
			if (word === 'EHLO') say(word, `250-stand-in\r\n250-${offers.join('\r\n250-')}\r\n250 HELP`);
			else if (word === 'STARTTLS' && tls) {
				if (!say(word, '220 go on')) return;
				socket.removeAllListeners('data');
				this.#serve(this.#sealed(socket), true, true);
			} else if (word === 'AUTH') {
				const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
					.toString()
					.split('\0');
				const isRight = user === credentials?.user && password === credentials?.password;
				if (say(word, isRight ? '235 welcome' : '535 5.7.8 no such user, or another password')) isKnown = isRight;
			} else if (word === 'MAIL') {
				if (say(word, isKnown ? '250 ok' : '530 5.7.0 sign in first')) mail = { from: line, to: [], text: '' };
			} else if (word === 'RCPT') {
				if (say(word, '250 ok')) mail.to.push(line.replace(/^.*<(.*)>.*$/, '$1'));
			} else if (word === 'DATA') inData = say(word, '354 go on');
			else if (word === 'QUIT') say(word, '221 bye');
			else say(word, word === 'RSET' || word === 'NOOP' ? '250 ok' : '502 5.5.1 what?');
		};
		socket.on('data', (chunk: Buffer) => {
			unread += chunk.toString('utf8');
			for (;;) {
				const mark = inData ? '\r\n.\r\n' : '\r\n';
				const end = unread.indexOf(mark);
				if (end < 0) return;
				const part = unread.slice(0, end);
				unread = unread.slice(end + mark.length);
				if (!inData) command(part);
				else {
					inData = false;
					mail.text = part.replace(/^\.\./gm, '.');
					this.mails.push(mail);
					say('END', '250 2.0.0 taken as 1234');
				}
			}
		});
		if (!isGreeted) say('CONNECT', '220 stand-in ready');
	}
}
