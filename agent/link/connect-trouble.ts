import { certificateTrouble } from '../../shared/certificate-trouble.ts';

/** Why a socket could not be opened. The library itself says “websocket error”; what ws has said lies below. */
export const connectTrouble = (error: Error & { description?: unknown }): string => {
	const { description } = error;
	const cause =
		typeof description === 'object' && description !== null ? (description as { error?: unknown }).error : null;
	return certificateTrouble(cause) ?? (cause instanceof Error && cause.message !== '' ? cause.message : error.message);
};
