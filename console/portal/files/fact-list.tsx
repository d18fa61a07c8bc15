import type { ReactNode } from 'react';
import { contentPath } from '../../../shared/client/content.ts';
import type { FileDetail } from '../../../shared/protocol/file.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';
import { http } from '../../kit/remote/api.ts';
import { RelativeTime } from '../../kit/time.tsx';
import classes from './details-drawer.module.css';
import { dimensionsOf, md5Of, mimetypeOf, otherFacts } from './file-facts.ts';

const Fact = (props: { name: string; copy?: string; code?: boolean; children: ReactNode }) => (
	<div className={classes.fact}>
		<dt>{props.name}</dt>
		<dd>
			<span className={props.code ? classes.code : undefined}>{props.children}</span>
			{props.copy !== undefined && <CopyButton text={props.copy} what={props.name} />}
		</dd>
	</div>
);

/** What is known of a file, each with a way to take it along. */
export const FactList = ({ file }: { file: FileDetail }) => {
	const md5 = md5Of(file.facts);
	const type = mimetypeOf(file.facts);
	const dimensions = dimensionsOf(file.facts);
	const address = http.urlOf(contentPath(file.path));
	const curl = `curl -H "Authorization: Bearer $MILLRACE_TOKEN" -o ${quoteForShell(file.name)} ${quoteForShell(address)}`;
	return (
		<dl className={classes.facts}>
			<Fact name="Path" copy={file.path}>
				{file.path}
			</Fact>
			<Fact name="Size">
				{formatBytes(file.size)} <small>({formatCount(file.size)} bytes)</small>
			</Fact>
			<Fact name="Type">{type ?? 'not known yet'}</Fact>
			{dimensions && <Fact name="Picture">{dimensions} pixels</Fact>}
			<Fact name="Modified">
				<RelativeTime at={file.modifiedAt} />
			</Fact>
			{otherFacts(file.facts).map(([name, value]) => (
				<Fact key={name} name={name}>
					{value}
				</Fact>
			))}
			{md5 && (
				<Fact name="MD5" copy={md5} code>
					{md5}
				</Fact>
			)}
			<Fact name="SHA-256" copy={file.sha256} code>
				{file.sha256}
			</Fact>
			<Fact name="Id" copy={file.id} code>
				{file.id}
			</Fact>
			<Fact name="Link" copy={address} code>
				{contentPath(file.path)}
			</Fact>
			<Fact name="curl command" copy={curl} code>
				curl … {quoteForShell(file.name)}
			</Fact>
			<Fact name="Command line" copy={`millrace get ${quoteForShell(file.path)}`} code>
				millrace get {quoteForShell(file.path)}
			</Fact>
		</dl>
	);
};
