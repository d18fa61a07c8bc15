import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';

const accountSchema = z.object({
	url: z.string(),
	token: z.string(),
	/** Null when the token was given, not made by us. */
	tokenId: z.string().nullable(),
	username: z.string(),
	/** The person has agreed to plain HTTP to this server. */
	insecureHttp: z.boolean().default(false),
});
/** Where one is signed in, and with which token. */
export type Account = z.infer<typeof accountSchema>;

/** Keeps the account in a file that only its owner can read. */
export class AccountFile {
	readonly path: string;
	readonly #folder: string;

	constructor(configFolder: string) {
		this.#folder = configFolder;
		this.path = join(configFolder, 'account.json');
	}

	/** Null when nobody is signed in. Refuses a file that others can read: its token may be known to them. */
	async read(): Promise<Account | null> {
		let text: string;
		try {
			const { mode } = await stat(this.path);
			if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
				const advice = `Run: chmod 600 ${this.path} - or better, sign in anew with: millrace login`;
				throw new CliError(EXIT.notSignedIn, `${this.path} can be read by others, so its token is not used. ${advice}`);
			}
			text = await readFile(this.path, 'utf8');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
			throw error;
		}
		try {
			return accountSchema.parse(JSON.parse(text));
		} catch (cause) {
			const sentence = `${this.path} is damaged. Sign in again with: millrace login`;
			throw new CliError(EXIT.notSignedIn, sentence, { cause });
		}
	}

	/** Replaces the file at once: it is never half there, and never readable by others. */
	async write(account: Account): Promise<void> {
		await mkdir(this.#folder, { recursive: true, mode: 0o700 });
		await chmod(this.#folder, 0o700);
		const temporary = `${this.path}.${randomBytes(6).toString('hex')}`;
		try {
			const file = await open(temporary, 'wx', 0o600);
			try {
				await file.writeFile(`${JSON.stringify(account, null, '\t')}\n`);
				await file.sync();
			} finally {
				await file.close();
			}
			await rename(temporary, this.path);
		} catch (error) {
			await rm(temporary, { force: true });
			throw error;
		}
	}

	async remove(): Promise<void> {
		await rm(this.path, { force: true });
	}
}
