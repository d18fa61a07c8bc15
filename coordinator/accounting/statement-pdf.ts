import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import { moneyInWords } from '../../shared/money-words.ts';
import type { Statement } from '../../shared/protocol/statement.ts';
import { legible } from './legible-text.ts';
import { instantInWords, quantityInWords, scopeInWords, stateInWords, whatInWords } from './statement-words.ts';

/** TrueType fonts; every character that they have can be drawn. */
export interface StatementFonts {
	regular: Buffer;
	bold: Buffer;
}

const [WIDTH, HEIGHT] = [595.28, 841.89];
const SIDE = 56;
const TOP = 56;
/** Below it lies the footer. */
const BOTTOM = HEIGHT - 70;
const INNER = WIDTH - 2 * SIDE;
const INK = '#1a1f2b';
const QUIET = '#5f6774';
const RULE = '#c9ced6';

interface Column {
	title: string;
	/** Share of the page's width. */
	share: number;
	align?: 'right';
}

/** A document that is written from its top to its end, table after table. */
class Sheet {
	readonly doc: PDFKit.PDFDocument;
	#y = TOP;

	constructor(doc: PDFKit.PDFDocument) {
		this.doc = doc;
	}

	/** Whether the font has it. pdfkit keeps its font, which knows, to itself. */
	readonly canDraw = (codePoint: number): boolean => {
		const { _font } = this.doc as unknown as { _font: { font: { hasGlyphForCodePoint(one: number): boolean } } };
		return _font.font.hasGlyphForCodePoint(codePoint);
	};

	text(text: string, style: { size: number; bold?: boolean; color?: string; below?: number }): void {
		this.#style(style);
		const shown = legible(text, this.canDraw);
		const height = this.doc.heightOfString(shown, { width: INNER });
		this.#room(height);
		this.doc.text(shown, SIDE, this.#y, { width: INNER });
		this.#y += height + (style.below ?? 0);
	}

	/** Its head stands on each page again. */
	table(
		columns: readonly Column[],
		rows: readonly (readonly string[])[],
		isTotal = (_row: number): boolean => false,
	): void {
		const head = () =>
			this.#row(
				columns,
				columns.map(({ title }) => title),
				{ size: 8, bold: true, color: QUIET },
			);
		this.#room(60);
		head();
		for (const [at, cells] of rows.entries()) {
			const style = { size: 9, bold: isTotal(at), color: INK };
			if (this.#y + this.#heightOf(columns, cells, style) > BOTTOM) {
				this.#page();
				head();
			}
			this.#row(columns, cells, style);
		}
		this.#y += 18;
	}

	/** Numbers the pages; the document cannot be written any more. */
	end(words: string): void {
		const { count } = this.doc.bufferedPageRange();
		for (let page = 0; page < count; page++) {
			this.doc.switchToPage(page);
			this.#style({ size: 8, color: QUIET });
			const shown = legible(words, this.canDraw);
			this.doc.text(shown, SIDE, BOTTOM + 24, { width: INNER - 90, height: 12, ellipsis: true });
			this.doc.text(`Page ${page + 1} of ${count}`, WIDTH - SIDE - 90, BOTTOM + 24, { width: 90, align: 'right' });
		}
		this.doc.end();
	}

	#style({ size, bold = false, color = INK }: { size: number; bold?: boolean; color?: string }): void {
		this.doc
			.font(bold ? 'bold' : 'regular')
			.fontSize(size)
			.fillColor(color);
	}

	#heightOf(columns: readonly Column[], cells: readonly string[], style: { size: number; bold?: boolean }): number {
		this.#style(style);
		const heights = columns.map(({ share }, at) =>
			this.doc.heightOfString(legible(cells[at] ?? '', this.canDraw), { width: INNER * share - 8 }),
		);
		return Math.max(...heights) + 9;
	}

	#row(columns: readonly Column[], cells: readonly string[], style: { size: number; bold?: boolean; color: string }) {
		const height = this.#heightOf(columns, cells, style);
		let x = SIDE;
		for (const [at, { share, align }] of columns.entries()) {
			const width = INNER * share;
			const shown = legible(cells[at] ?? '', this.canDraw);
			this.doc.text(shown, align ? x + 8 : x, this.#y, { width: width - 8, ...(align ? { align } : {}) });
			x += width;
		}
		this.#y += height;
		this.doc
			.moveTo(SIDE, this.#y - 5)
			.lineTo(WIDTH - SIDE, this.#y - 5)
			.lineWidth(0.5)
			.strokeColor(RULE)
			.stroke();
	}

	#room(height: number): void {
		if (this.#y + height > BOTTOM) this.#page();
	}

	#page(): void {
		this.doc.addPage();
		this.#y = TOP;
	}
}

const LINES: Column[] = [
	{ title: 'WHAT', share: 0.22 },
	{ title: 'CLASS', share: 0.16 },
	{ title: 'QUANTITY', share: 0.34 },
	{ title: 'AMOUNT', share: 0.28, align: 'right' },
];
const PEOPLE: Column[] = [
	{ title: 'PERSON', share: 0.28 },
	{ title: 'ID', share: 0.38 },
	{ title: 'TASKS', share: 0.09, align: 'right' },
	{ title: 'AMOUNT', share: 0.25, align: 'right' },
];
const CORRECTIONS: Column[] = [
	{ title: 'WHEN', share: 0.26 },
	{ title: 'WHY', share: 0.39 },
	{ title: 'RECORD', share: 0.1, align: 'right' },
	{ title: 'AMOUNT', share: 0.25, align: 'right' },
];

const writeTo = (sheet: Sheet, statement: Statement): void => {
	const { month, from, to, issuer, of, prices, lines, people, corrections, correctionsLeft, total } = statement;
	const currency = statement.currency ?? '';
	const money = (micro: number): string => `${moneyInWords(micro)} ${currency}`.trim();
	sheet.text(issuer, { size: 11, color: QUIET, below: 6 });
	sheet.text(`Statement of use, ${month}`, { size: 20, bold: true, below: 12 });
	const facts = [
		`For: ${scopeInWords(statement)}${of.id === null ? '' : ` (${of.id})`}`,
		`Period: ${instantInWords(from)} to ${instantInWords(to)}, not included`,
		`State: ${stateInWords(statement)}`,
		prices.length === 0
			? 'Prices: nothing had a price'
			: `Prices: ${prices.map((one) => `version ${one.version} from ${instantInWords(one.from)} to ${instantInWords(one.to)}`).join('; ')}`,
	];
	for (const [at, fact] of facts.entries()) sheet.text(fact, { size: 9, below: at === facts.length - 1 ? 18 : 2 });
	const rows = lines.map((line) => [
		...[whatInWords(line), line.class ?? '', quantityInWords(line), money(line.amountMicro)],
	]);
	rows.push(['Total', '', '', money(total.amountMicro)]);
	sheet.table(LINES, rows, (row) => row === rows.length - 1);
	if (people.length > 0) {
		sheet.text('By person', { size: 12, bold: true, below: 8 });
		sheet.table(
			PEOPLE,
			people.map(({ id, name, tasks, amountMicro }) => [
				...[name ?? 'a person who was deleted', id ?? '', String(tasks), money(amountMicro)],
			]),
		);
	}
	if (corrections.length > 0) {
		sheet.text('Corrections', { size: 12, bold: true, below: 8 });
		sheet.table(
			CORRECTIONS,
			corrections.map(({ at, reason, record, amountMicro }) => [
				...[instantInWords(at), reason, String(record), money(amountMicro)],
			]),
		);
		if (correctionsLeft > 0) sheet.text(`And ${correctionsLeft} more, which the total has.`, { size: 9 });
	}
};

/** A statement on paper. The same statement is the same bytes. */
export const statementPdf = async (statement: Statement, fonts: StatementFonts): Promise<Buffer> => {
	const title = `Statement of use, ${statement.month}`;
	const doc = new PDFDocument({
		size: 'A4',
		// Pages are begun here: pdfkit would begin one of its own below a margin.
		margins: { top: TOP, left: SIDE, right: SIDE, bottom: 0 },
		bufferPages: true,
		font: '',
		lang: 'en',
		displayTitle: true,
		info: {
			...{ Title: title, Author: statement.issuer, Creator: 'Millrace' },
			...{ CreationDate: new Date(statement.asOf), ModDate: new Date(statement.asOf) },
		},
	});
	doc.registerFont('regular', fonts.regular);
	doc.registerFont('bold', fonts.bold);
	const sheet = new Sheet(doc.font('regular'));
	writeTo(sheet, statement);
	const { id } = statement.of;
	sheet.end(`${title}${id === null ? '' : ` · ${id}`} · ${stateInWords(statement)} · times are UTC`);
	return buffer(doc);
};
