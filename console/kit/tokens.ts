import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, type MantineTheme } from '@mantine/core';

/** A blue-grey dark scale: easier on the eyes in the dark than pure grey, and every pair that we use passes 4.5:1. */
const dark: MantineColorsTuple = [
	'#dfe3ec',
	'#b9c0d0',
	'#99a2b6',
	'#7a8399',
	'#454d61',
	'#363d4f',
	'#272d3b',
	'#1b202b',
	'#141821',
	'#0e1118',
];

/** Looks and manners of every Millrace screen. The numbers come from measured contrast: see tokens.test.ts. */
export const theme = createTheme({
	primaryColor: 'indigo',
	primaryShade: 8,
	autoContrast: true,
	luminanceThreshold: 0.18,
	respectReducedMotion: true,
	defaultRadius: 'md',
	cursorType: 'pointer',
	colors: { dark },
	fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
	fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
	headings: { fontWeight: '650' },
	components: {
		// The content security policy allows no injected <style>; kit.css locks the scroll instead.
		Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
		Drawer: { defaultProps: { lockScroll: false } },
		Tooltip: { defaultProps: { withArrow: true, openDelay: 350, events: { hover: true, focus: true, touch: false } } },
		// The placeholder for the first focus is no menu item, and a menu may hold nothing else.
		Menu: { defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false } },
		Anchor: { defaultProps: { underline: 'hover' } },
		// Mantine leaves it out of the way of Tab, and hides it from who hears a page.
		PasswordInput: {
			defaultProps: {
				visibilityToggleButtonProps: { 'aria-label': 'Show the password', tabIndex: 0, 'aria-hidden': false },
			},
		},
		CloseButton: { defaultProps: { 'aria-label': 'Close' } },
	},
});

const mix = (hex: string, share: number): string => {
	const channel = (at: number) => Math.round(Number.parseInt(hex.slice(at, at + 2), 16) * (1 - share));
	return `#${[1, 3, 5].map((at) => channel(at).toString(16).padStart(2, '0')).join('')}`;
};

/** What Mantine's own variables lack for 0 contrast faults (ux.md 7), and our surfaces. */
export const variablesResolver: CSSVariablesResolver = (merged: MantineTheme) => {
	const light: Record<string, string> = {
		'--mantine-color-text': '#1a1f2b',
		'--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
		'--mantine-color-placeholder': '#5f6774',
		'--mantine-color-error': 'var(--mantine-color-red-9)',
		'--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
		'--mantine-color-default-border': '#c9ced6',
		'--mantine-color-disabled-color': '#5f6774',
		'--millrace-page': '#f6f7f9',
		'--millrace-surface': '#ffffff',
		'--millrace-sunken': '#f6f7f9',
		'--millrace-hover': '#f2f4f8',
		'--millrace-selected': '#e9eefe',
		'--millrace-border': '#e1e5eb',
		'--millrace-brand': 'var(--mantine-color-indigo-8)',
	};
	const darkVariables: Record<string, string> = {
		'--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
		'--mantine-color-placeholder': 'var(--mantine-color-dark-2)',
		'--mantine-color-error': 'var(--mantine-color-red-4)',
		'--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
		'--mantine-color-disabled-color': 'var(--mantine-color-dark-2)',
		'--millrace-page': 'var(--mantine-color-dark-8)',
		'--millrace-surface': 'var(--mantine-color-dark-7)',
		'--millrace-sunken': 'var(--mantine-color-dark-8)',
		'--millrace-hover': '#222834',
		'--millrace-selected': '#252f4d',
		'--millrace-border': '#2d3443',
		'--millrace-brand': 'var(--mantine-color-indigo-4)',
	};
	for (const [name, shades] of Object.entries(merged.colors)) {
		if (name === 'dark') continue;
		light[`--mantine-color-${name}-light-color`] = mix(shades[9], 0.35);
		light[`--mantine-color-${name}-text`] = `var(--mantine-color-${name}-9)`;
		darkVariables[`--mantine-color-${name}-light-color`] = shades[2];
		darkVariables[`--mantine-color-${name}-text`] = `var(--mantine-color-${name}-3)`;
	}
	return { variables: {}, light, dark: darkVariables };
};
