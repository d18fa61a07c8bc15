import type { FileHandle } from 'node:fs/promises';
import { cfbType } from './cfb-type.ts';
import { elfType } from './elf-type.ts';

/** Where file-type and Debian's file(1) name one format differently: file(1)'s name. */
const NAMES: Readonly<Record<string, string>> = {
	'application/eps': 'application/postscript',
	'application/java-vm': 'application/x-java-applet',
	'application/rtf': 'text/rtf',
	'application/x-deb': 'application/vnd.debian.binary-package',
	'application/x-msdownload': 'application/x-dosexec',
	'application/x-rar-compressed': 'application/x-rar',
	'application/x-sqlite3': 'application/vnd.sqlite3',
	'application/x-unix-archive': 'application/x-archive',
	'application/x-lzh-compressed': 'application/x-lzh-compressed',
	'audio/aac': 'audio/x-hx-aac-adts',
	'audio/aiff': 'audio/x-aiff',
	'audio/ogg; codecs=opus': 'audio/ogg',
	'audio/wav': 'audio/x-wav',
	'font/otf': 'application/vnd.ms-opentype',
	'font/ttf': 'font/sfnt',
	'image/x-icon': 'image/vnd.microsoft.icon',
	'image/apng': 'image/png',
	'video/matroska': 'video/x-matroska',
	'video/vnd.avi': 'video/x-msvideo',
	'video/MP2P': 'video/mpeg',
	'video/MP1S': 'video/mpeg',
	'image/jpx': 'image/jp2',
};

/** The name to tell for a signature; for some containers their inside decides. */
export const refineBinary = async (signature: string, file: FileHandle): Promise<string> => {
	if (signature === 'application/x-elf') return elfType(file);
	if (signature === 'application/x-cfb') return cfbType(file);
	return Object.hasOwn(NAMES, signature) ? (NAMES[signature] ?? signature) : signature;
};
