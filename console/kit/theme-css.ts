import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import { theme, variablesResolver } from './tokens.ts';

/** All variables by colour scheme, as the style sheet defines them. */
export const themeVariables = (): Record<'variables' | 'light' | 'dark', Record<string, string>> => {
	const merged = mergeMantineTheme(DEFAULT_THEME, theme);
	const base = defaultCssVariablesResolver(merged);
	const ours = variablesResolver(merged);
	return {
		variables: { ...base.variables, ...ours.variables },
		light: { ...base.light, ...ours.light },
		dark: { ...base.dark, ...ours.dark },
	};
};

/** The theme as a style sheet, written at build time: so the page needs no injected <style>, which its policy forbids. */
export const themeCss = (): string => convertCssVariables(themeVariables());
