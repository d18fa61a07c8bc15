import 'react';

declare module 'react' {
	interface InputHTMLAttributes<T> {
		/** Lets people pick a folder; every browser knows it, React's types do not. */
		webkitdirectory?: T extends HTMLInputElement ? '' : never;
	}
}
