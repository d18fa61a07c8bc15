import { type UploadAnswer, uploadAnswerSchema } from '../protocol/file.ts';

/** Header of a finished tus upload's last answer: base64url of the JSON that a PUT would have been answered with. */
export const UPLOAD_ANSWER_HEADER = 'Millrace-Upload-Answer';

/** Reads that header; null when it is absent. Throws when it is there but malformed. */
export const readUploadAnswer = (header: string | null | undefined): UploadAnswer | null => {
	if (!header) return null;
	const binary = atob(header.replaceAll('-', '+').replaceAll('_', '/'));
	const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
	return uploadAnswerSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
};
