import { join } from 'node:path';
import { BadSetting } from '../config/coordinator-config.ts';
import { fileTrouble } from '../database/file-trouble.ts';

const listenTrouble = (error: unknown): BadSetting | null => {
	const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
	if (syscall === 'getaddrinfo') return new BadSetting('--host: there is no such address.', { cause: error });
	if (syscall !== 'listen') return null;
	const where = port === undefined ? '--host' : `--port ${port}`;
	if (code === 'EADDRINUSE') {
		return new BadSetting(`${where}: another program listens there on ${address}.`, { cause: error });
	}
	if (code === 'EACCES') return new BadSetting(`${where}: this account may not listen there.`, { cause: error });
	return new BadSetting(`--host ${address}: is not an address of this machine.`, { cause: error });
};

/** Does what uses a data folder; what the machine cannot do is thrown as a sentence for whoever runs it. */
export const explaining = async <T>(data: string, act: () => Promise<T>): Promise<T> => {
	try {
		return await act();
	} catch (error) {
		throw fileTrouble(error, join(data, 'ledger.db')) ?? listenTrouble(error) ?? error;
	}
};
