import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TempFolder } from './temp-folder.ts';

/** Whether certificates can be made on this machine. */
export const hasOpenssl = (() => {
	try {
		execFileSync('openssl', ['version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();

/** A self-signed certificate for this machine, for two days. */
export const makeCertificate = (folder: TempFolder): { cert: string; key: string; certFile: string } => {
	const [certFile, keyFile] = [folder.join('stand-in.pem'), folder.join('stand-in.key')];
	const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
	execFileSync('openssl', [...how, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
	return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile };
};
