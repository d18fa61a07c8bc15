import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const ownAddressSchema = z.object({
	scheme: z.enum(['http', 'https']),
	/** What it listens on. */
	host: z.string(),
	port: z.number(),
	/** By which people reach it, when that was told. */
	publicUrl: z.string().nullable(),
});
/** Where a coordinator is to be found. */
export type OwnAddress = z.infer<typeof ownAddressSchema>;

const fileOf = (data: string): string => join(data, 'address.json');

/** Leaves the address for commands beside a running coordinator, which do not know how it was started. */
export const writeOwnAddress = (data: string, address: OwnAddress): void => {
	const temporary = `${fileOf(data)}.new`;
	writeFileSync(temporary, `${JSON.stringify(address)}\n`);
	renameSync(temporary, fileOf(data));
};

/** The address of the last start on this data; null when there was none that can be read. */
export const readOwnAddress = (data: string): OwnAddress | null => {
	try {
		return ownAddressSchema.parse(JSON.parse(readFileSync(fileOf(data), 'utf8')));
	} catch {
		return null;
	}
};

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Where a browser on this machine finds it, or wherever its people were told to go. */
export const addressHere = ({ scheme, host, port, publicUrl }: OwnAddress): string =>
	publicUrl ?? `${scheme}://${isWildcard(host) ? 'localhost' : inUrl(host)}:${port}`;

/** Where other machines find it, as far as can be told from here. */
export const addressFromElsewhere = ({ scheme, host, port, publicUrl }: OwnAddress): string =>
	publicUrl ?? `${scheme}://${isWildcard(host) ? hostname() : inUrl(host)}:${port}`;

/** Whether other machines cannot reach it at all. */
export const isHereOnly = ({ host, publicUrl }: OwnAddress): boolean =>
	publicUrl === null && (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host));
