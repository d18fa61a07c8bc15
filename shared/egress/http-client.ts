// A file of its own, which is loaded with the first question: it is a megabyte, and many a coordinator asks nobody.
export { Agent, request } from 'undici';
