import { NativeSelect, Stack } from '@mantine/core';
import { type PersonView, ROLES } from '../../../shared/protocol/account.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes, formatCount } from '../../kit/format.ts';
import { useMe } from '../../kit/session/session.tsx';
import { Fact } from '../../kit/shell/fact.tsx';
import page from '../../kit/shell/page.module.css';
import { RelativeTime } from '../../kit/time.tsx';
import { useClassNames } from '../accounting/use-choices.ts';
import { usePersonChange } from './use-person-acts.ts';
import { words } from './words.ts';

/** What somebody is: role and class are changed right here. */
export const AccountCard = ({ person }: { person: PersonView }) => {
	const { id, role, serviceClass, createdAt, lastSeenAt, secondFactor, storage } = person;
	const isOneself = useMe().id === id;
	const change = usePersonChange(person);
	const classNames = useClassNames();
	const choices =
		serviceClass === null || classNames.includes(serviceClass) ? classNames : [serviceClass, ...classNames];
	return (
		<section className={page.card}>
			<h2>{words.account}</h2>
			<Stack gap="sm" mb="md">
				<NativeSelect
					label={words.roleOf}
					description={isOneself ? words.isYou : words.roleHint}
					disabled={isOneself || change.isPending}
					value={role}
					onChange={({ currentTarget: { value } }) => {
						const wished = ROLES.find((one) => one === value);
						if (wished !== undefined) change.mutate({ role: wished });
					}}
					data={[...ROLES]}
				/>
				<NativeSelect
					label={words.classOf}
					disabled={change.isPending}
					value={serviceClass ?? ''}
					onChange={({ currentTarget: { value } }) => change.mutate({ serviceClass: value === '' ? null : value })}
					data={[{ value: '', label: words.byGroupLong }, ...choices.map((name) => ({ value: name, label: name }))]}
				/>
			</Stack>
			<dl className={page.facts}>
				<Fact name={words.made}>
					<RelativeTime at={createdAt} />
				</Fact>
				<Fact name={words.lastSeen}>{lastSeenAt === null ? words.never : <RelativeTime at={lastSeenAt} />}</Fact>
				<Fact name={words.secondFactor}>{secondFactor ? words.factorOn : words.factorOff}</Fact>
				<Fact name={words.storage}>
					{storage.quotaBytes === null
						? formatBytes(storage.usedBytes)
						: words.ofQuota(formatBytes(storage.usedBytes), formatBytes(storage.quotaBytes))}
				</Fact>
				<Fact name={words.files}>
					{storage.quotaFiles === null
						? formatCount(storage.files)
						: words.ofQuota(formatCount(storage.files), formatCount(storage.quotaFiles))}
				</Fact>
				<Fact name={words.id}>
					<span className="millrace-mono">{id}</span>
					<CopyButton text={id} what={words.theId} />
				</Fact>
			</dl>
		</section>
	);
};
