import { expect, test } from 'vitest';
import { isOwnOrigin } from './own-page.ts';

test.each([
	['http://mill.example', 'mill.example', true],
	['http://mill.example', 'Mill.example:80', true],
	['https://mill.example', 'mill.example', true],
	['https://mill.example:443', 'mill.example', true],
	['http://mill.example:8080', 'mill.example:8080', true],
	['http://[::1]:8080', '[::1]:8080', true],
	['http://mill.example:8081', 'mill.example:8080', false],
	['http://mill.example', 'mill.example:8080', false],
	['http://mill.example.evil', 'mill.example', false],
	['http://evil', 'mill.example', false],
	['null', 'mill.example', false],
	['', 'mill.example', false],
	['http://mill.example', undefined, false],
	['http://mill.example', 'a b', false],
	['https://public.example', 'inside:8080', true],
	['http://public.example', 'inside:8080', false],
])('a page of %s is our own when %s was asked: %s', (origin, host, own) => {
	expect(isOwnOrigin(origin, host, ['https://public.example'])).toBe(own);
});
