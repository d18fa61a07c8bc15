import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { Statement } from '../../shared/protocol/statement.ts';
import { statementPdf } from './statement-pdf.ts';

/** What the thread is started with; `fonts` is the folder that they lie in. */
export interface PrintWish {
	statement: Statement;
	fonts: string;
}

// The entry of a thread that prints one statement and ends: fonts and lines take a good part of a second.
const { statement, fonts } = workerData as PrintWish;
const [regular, bold] = await Promise.all(
	['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => readFile(new URL(name, fonts))),
);
const pdf = await statementPdf(statement, { regular: regular!, bold: bold! });
// As bytes of their own: what is posted is then moved and not copied.
const bytes = new Uint8Array(pdf);
parentPort?.postMessage(bytes, [bytes.buffer]);
