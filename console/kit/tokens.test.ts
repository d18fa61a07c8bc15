import { describe, expect, it } from 'vitest';
import { themeCss, themeVariables } from './theme-css.ts';

const { variables, light, dark } = themeVariables();

const resolve = (scheme: Record<string, string>, name: string): string => {
	let value = scheme[name] ?? variables[name];
	for (let reference = /^var\((--[\w-]+)\)$/.exec(value ?? ''); reference; ) {
		value = scheme[reference[1] as string] ?? variables[reference[1] as string];
		reference = /^var\((--[\w-]+)\)$/.exec(value ?? '');
	}
	if (value === undefined) throw new Error(`${name} is not defined`);
	return value;
};

const channels = (color: string): number[] => {
	if (/^#[0-9a-f]{3}$/i.test(color)) return [...color.slice(1)].map((digit) => Number.parseInt(digit + digit, 16));
	if (/^#[0-9a-f]{6}$/i.test(color)) return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
	const numbers = /^rgba?\(([^)]+)\)$/.exec(color)?.[1]?.split(',').map(Number);
	if (numbers === undefined || (numbers[3] ?? 1) !== 1) throw new Error(`not an opaque colour: ${color}`);
	return numbers.slice(0, 3);
};

const luminance = (color: string): number => {
	const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
		const share = channel / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (a: string, b: string): number => {
	const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
};

const SURFACES = ['page', 'surface', 'sunken', 'hover', 'selected'].map((name) => `--millrace-${name}`);
const TEXTS = ['text', 'dimmed', 'error', 'anchor', 'placeholder'].map((name) => `--mantine-color-${name}`);
const CHIP_COLORS = ['gray', 'indigo', 'blue', 'teal', 'red', 'orange', 'yellow', 'grape'];

describe.each([
	['light', light],
	['dark', dark],
])('the %s colours', (_, scheme) => {
	it.each(SURFACES.flatMap((surface) => TEXTS.map((text) => [text, surface])))('show %s on %s at 4.5:1', (text, on) => {
		expect(contrast(resolve(scheme, text), resolve(scheme, on))).toBeGreaterThanOrEqual(4.5);
	});

	it.each(CHIP_COLORS)('show the words of a %s chip at 4.5:1', (color) => {
		const words = resolve(scheme, `--mantine-color-${color}-light-color`);
		expect(contrast(words, resolve(scheme, `--mantine-color-${color}-light`))).toBeGreaterThanOrEqual(4.5);
	});

	it('show what the keyboard is on at 3:1', () => {
		for (const surface of SURFACES)
			expect(contrast(resolve(scheme, '--millrace-brand'), resolve(scheme, surface))).toBeGreaterThanOrEqual(3);
	});
});

describe('the style sheet', () => {
	it('holds the variables of both schemes', () => {
		const css = themeCss();
		expect(css).toContain(':root[data-mantine-color-scheme="dark"]');
		expect(css).toContain('--millrace-surface: #ffffff');
	});
});
