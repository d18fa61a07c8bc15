interface Rule {
	mimetype: string;
	pattern: RegExp;
	/** Characters from the start that are looked at. */
	within: number;
}

const rule = (mimetype: string, pattern: RegExp, within = 4096): Rule => ({ mimetype, pattern, within });

const shebang = (programs: string): RegExp =>
	new RegExp(`^#! ?(?:/[\\w./-]+/env +)?(?:[\\w./-]*/)?(?:${programs})(?:[\\d.]*)(?:\\s|$)`);

/** In order: the first that fits names the text. The names and most patterns are those of Debian's file(1). */
const RULES: readonly Rule[] = [
	rule('text/x-shellscript', shebang('sh|bash|ksh|zsh|tcsh|csh')),
	rule('text/x-script.python', shebang('python')),
	rule('text/x-perl', shebang('perl')),
	rule('text/x-ruby', shebang('ruby')),
	rule('text/x-php', shebang('php')),
	rule('text/x-awk', shebang('[gmn]?awk')),
	rule('text/x-lua', shebang('lua')),
	rule('text/x-tcl', shebang('tclsh|wish')),
	rule('application/javascript', shebang('node|nodejs')),
	rule('text/x-php', /<\?php/i, 64),
	rule('image/svg+xml', /^<\?xml [\s\S]{0,4096}?<svg[\s>]/),
	rule('image/svg+xml', /^(?:<svg[\s>]|<!DOCTYPE svg)/),
	rule('text/xml', /^<\?xml /),
	rule('text/html', /^\s*(?:<!--[\s\S]{0,2048}?-->\s*)?<(?:!doctype html|html|head|title)[\s>]/i),
	rule('text/calendar', /^BEGIN:VCALENDAR/i),
	rule('text/vcard', /^BEGIN:VCARD/i),
	rule('text/vtt', /^WEBVTT/),
	rule('text/rtf', /^\{\\rtf/),
	rule('application/pgp-keys', /^-----BEGIN PGP PUBLIC KEY/),
	rule('application/pgp-signature', /^-----BEGIN PGP SIGNATURE-/),
	rule('application/pgp-encrypted', /^-----BEGIN PGP MESSAGE-/),
	rule('application/x-bittorrent', /^d8:announce\d+:/),
	rule('application/x-subrip', /^\d+\r?\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}/),
	rule('message/rfc822', /^(?:Return-Path|Received|Delivered-To|From|Relay-Version|X-Mozilla-Status): /),
	rule('text/x-diff', /^(?:diff |\*\*\* |Index: |Only in |--- [^\n]+\n\+\+\+ [^\n]+\n@@ )/),
	rule('text/x-msdos-batch', /^\s*@echo +off/i),
	rule('text/troff', /^(?:\.\\"|'\\"|\.TH\s|\.SH\s|\.Dd\s)/),
	rule('text/x-tex', /^\\(?:input|documentclass|documentstyle|begin|section|chapter)\b/m, 2048),
	rule('text/x-script.python', /^from\s+[\w.]+\s+import\s/m),
	rule('text/x-script.python', /^\s*def\s+\w+\s*\([^)]*\)\s*(?:->[^:\n]+)?:\s*$/m),
	rule(
		'text/x-c++',
		/^(?:\s*template\s*<.*>|\s*(?:public|private|protected):|namespace\s+\w{1,30}\s*\{|using\s+(?:namespace )?std)/m,
	),
	rule('text/x-c++', /^#include[ \t]*<\w+>\s*$/m),
	rule('text/x-c', /^#[ \t]*include[ \t]*["<]/m),
	rule('text/x-c', /^#[ \t]*if(?:n)?def\s[\s\S]*^#[ \t]*(?:define|endif)/m),
	rule('text/x-perl', /^package[ \t]+[\w:]+ *;[\s\S]*^(?:1 *;|(?:use|sub|my) .*[(;{=])/m),
	rule('application/javascript', /^(?:import|export).* from |^(?:import|export) ["']\.\//m),
	rule('application/javascript', /^export (?:function|class|default|const|var|let|async) /m),
	rule('application/javascript', /^(?:const|var|let).*=.*require\(|module(?:\.|\[["'])exports.*=|^require\(["']/m),
	rule('application/javascript', /^['"]use strict['"]|\((?:async )?function[( ]|typeof .*[!=]==/m),
	rule('text/x-makefile', /^(?:\.PHONY:|\.PRECIOUS|CFLAGS|LDFLAGS|VPATH|all:)/m),
	rule('text/html', /<(?:!doctype html|(?:head|title|html|script|style|table)[ >]|a href=)/i),
];

/** Rows that have to agree before text is a table; of fewer, all have to, and three are the least. */
const CSV_ROWS = 10;

/** Rows of equally many fields, set apart by commas, with quotes as RFC 4180 has them. */
export const isCsv = (text: string): boolean => {
	let commas = 0;
	let wanted = 0;
	let rows = 0;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"') {
			at = text.indexOf('"', at + 1);
			if (at < 0) break;
		} else if (character === ',') commas += 1;
		else if (character === '\n') {
			rows += 1;
			if (rows === CSV_ROWS) return wanted > 0 && commas === wanted;
			if (rows === 1) wanted = commas;
			else if (commas !== wanted) return false;
			if (wanted === 0) return false;
			commas = 0;
		}
	}
	return rows > 2;
};

/** The kind of a text by its beginning; `text/plain` when nothing else fits. */
export const detectText = (text: string): string => {
	const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
	if (isCsv(plain)) return 'text/csv';
	for (const { mimetype, pattern, within } of RULES) if (pattern.test(plain.slice(0, within))) return mimetype;
	return 'text/plain';
};
