import { saveBlob } from '../table/table-csv.ts';

/** Hands an answer's body to the browser as a file to be saved, under the name that the server gives it. */
export const saveAnswer = async (answer: Response, otherwise: string): Promise<void> => {
	const [, name] = /filename="([^"\\/]{1,200})"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
	// Large ones are kept on disk by the browser.
	saveBlob(await answer.blob(), name ?? otherwise);
};
