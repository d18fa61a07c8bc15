// Makes the sample datasets anew: node tools/make-samples.mjs. Everything comes from seeded numbers, so that a second run
// gives the same pictures and tables. What it makes belongs to the project and is given away under CC0 1.0.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './run-command.mjs';

const SAMPLES = join(ROOT, 'coordinator', 'datasets', 'samples');

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const randomFrom = (seed) => {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
};

const within = (random, from, to) => Math.round(from + random() * (to - from));
const colour = (random) => `hsl(${within(random, 0, 359)},${within(random, 40, 85)}%,${within(random, 30, 70)}%)`;

/** A drawing of shapes over a slope of two colours. */
const drawing = (seed, width, height) => {
	const random = randomFrom(seed);
	const shapes = Array.from({ length: 14 }, () => {
		const [x, y, size] = [within(random, 0, width), within(random, 0, height), within(random, 20, width / 3)];
		const look = `fill="${colour(random)}" fill-opacity="${(0.35 + random() / 2).toFixed(2)}"`;
		return random() < 0.5
			? `<circle cx="${x}" cy="${y}" r="${size / 2}" ${look}/>`
			: `<rect x="${x}" y="${y}" width="${size}" height="${size * 0.7}" transform="rotate(${within(random, 0, 90)} ${x} ${y})" ${look}/>`;
	});
	const slope = `<linearGradient id="s" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${colour(random)}"/><stop offset="1" stop-color="${colour(random)}"/></linearGradient>`;
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${slope}</defs><rect width="100%" height="100%" fill="url(#s)"/>${shapes.join('')}</svg>`,
	);
};

/** Coloured noise, coarse enough to be small as a file. */
const noise = (seed, width, height) => {
	const random = randomFrom(seed);
	const [columns, rows] = [Math.ceil(width / 16), Math.ceil(height / 16)];
	const raw = Buffer.from(Array.from({ length: columns * rows * 3 }, () => within(random, 0, 255)));
	return sharp(raw, { raw: { width: columns, height: rows, channels: 3 } }).resize(width, height, { kernel: 'cubic' });
};

const IMAGES = [
	['shapes/meadow.jpg', sharp(drawing(1, 800, 600)).jpeg({ quality: 80 })],
	['shapes/harbour.jpg', sharp(drawing(2, 640, 960)).jpeg({ quality: 80 })],
	['shapes/market.png', sharp(drawing(3, 400, 300)).png({ palette: true, colours: 64 })],
	['shapes/bridge.png', sharp(drawing(4, 320, 320)).png({ palette: true, colours: 64 })],
	['shapes/lantern.webp', sharp(drawing(5, 900, 600)).webp({ quality: 75 })],
	['shapes/orchard.gif', sharp(drawing(6, 240, 180)).gif({ colours: 32 })],
	['noise/clouds.jpg', noise(7, 640, 480).jpeg({ quality: 70 })],
	['noise/sand.jpg', noise(8, 512, 512).jpeg({ quality: 70 })],
	['noise/moss.webp', noise(9, 640, 480).webp({ quality: 70 })],
	['noise/dusk.webp', noise(10, 480, 640).webp({ quality: 70 })],
	[
		'turned/upright.jpg',
		sharp(drawing(11, 600, 400))
			.withMetadata({ orientation: 6 })
			.jpeg({ quality: 75 }),
	],
	[
		'turned/over.jpg',
		sharp(drawing(12, 600, 400))
			.withMetadata({ orientation: 3 })
			.jpeg({ quality: 75 }),
	],
];

const LINES = [
	'The mill stands where two streams meet.',
	'Whoever comes with grain is asked for its name and its weight.',
	'Nothing is ground twice, and nothing is lost.',
	'When the water is high, every stone turns; when it is low, the oldest sack goes first.',
	'A sack that is set aside bears a label that says why.',
];

/** A story of so many sentences. */
const story = (seed, sentences) => {
	const random = randomFrom(seed);
	return Array.from({ length: sentences }, (_, at) => {
		const line = LINES[within(random, 0, LINES.length - 1)];
		return at % 6 === 5 ? `${line}\n\n` : `${line} `;
	})
		.join('')
		.trimEnd();
};

const TEXTS = [
	['english/mill.txt', `${story(21, 30)}\n`],
	['english/long.txt', `${story(22, 400)}\n`],
	['english/notes.md', '# Notes\n\n- grain in the morning\n- flour at noon\n\n> Weigh first, then grind.\n'],
	['scripts/german.txt', 'Die Mühle steht, wo zwei Bäche sich treffen. Größe und Gewicht schreibt die Müllerin auf.\n'],
	['scripts/greek.txt', 'Ο μύλος στέκει εκεί όπου σμίγουν δύο ρυάκια.\n'],
	['scripts/japanese.txt', '水車小屋は二つの流れが出会うところに立っている。\n'],
	['encodings/latin1.txt', Buffer.from('Die Mühle mahlt für alle.\n', 'latin1')],
	['encodings/utf16.txt', Buffer.from('\ufeffThe mill grinds for everybody.\n', 'utf16le')],
];

const table = (header, rows, separator = ',') => `${[header, ...rows].map((row) => row.join(separator)).join('\n')}\n`;
const day = (at) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10);

const weather = () => {
	const random = randomFrom(31);
	return Array.from({ length: 365 }, (_, at) => {
		const season = 9 - 11 * Math.cos((at / 365) * 2 * Math.PI);
		const rain = random() < 0.4 ? (random() * 14).toFixed(1) : '';
		return [day(at), (season + (random() - 0.5) * 8).toFixed(1), rain, within(random, 40, 98)];
	});
};
const deliveries = () => {
	const random = randomFrom(32);
	const grains = ['wheat', 'rye', 'oats', 'spelt', 'barley'];
	return Array.from({ length: 200 }, (_, at) => {
		const remark = random() < 0.1 ? '"wet, dried before milling"' : '';
		return [at + 1, day(within(random, 0, 364)), grains[within(random, 0, 4)], within(random, 20, 900), remark];
	});
};
const TABLES = [
	['weather.csv', table(['day', 'celsius', 'rain_mm', 'humidity'], weather())],
	['deliveries.csv', table(['number', 'day', 'grain', 'kilograms', 'remark'], deliveries())],
	[
		'grains.csv',
		table(
			['name', 'latin', 'gluten'],
			[
				['wheat', 'Triticum aestivum', 'true'],
				['rye', 'Secale cereale', 'true'],
				['oats', 'Avena sativa', 'false'],
				['spelt', 'Triticum spelta', 'true'],
				['barley', 'Hordeum vulgare', 'true'],
			],
			';',
		),
	],
	['quotes.csv', 'id,text\n1,"a ""quoted"" word"\n2,"two\nlines"\n3,"=1+1"\n'],
];

const write = (folder, path, content) => {
	const target = join(SAMPLES, folder, path);
	mkdirSync(join(target, '..'), { recursive: true });
	writeFileSync(target, content);
};

rmSync(SAMPLES, { recursive: true, force: true });
for (const [path, image] of IMAGES) write('images', path, await image.toBuffer());
for (const [path, text] of TEXTS) write('text', path, text);
for (const [path, text] of TABLES) write('csv', path, text);
