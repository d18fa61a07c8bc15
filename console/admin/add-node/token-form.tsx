import { Button, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { createNodeToken } from '../../../shared/client/nodes.ts';
import { MOST_SLOTS } from '../../../shared/protocol/node.ts';
import { http } from '../../kit/remote/api.ts';
import { bridge } from '../../kit/remote/bridge.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import page from '../../kit/shell/page.module.css';
import { queuesToServe } from '../nodes/add-node-path.ts';
import { keys } from '../remote/keys.ts';
import classes from './add-node.module.css';
import { addressIn, type JoinWish } from './join-command.ts';
import { useQueueNames } from './use-node-tokens.ts';
import { LIFETIMES, words } from './words.ts';

/** A command that was made, with its token, which is nowhere else. */
export interface MadeCommand {
	wish: JoinWish;
	tokenId: string;
	expiresAt: string;
	machines: number;
}

const MOST_MACHINES = 1_000;

/** What the new machine is to do, and how long and how often the command for it can be used. */
export const TokenForm = ({ onMade }: { onMade(made: MadeCommand): void }) => {
	const [search] = useSearchParams();
	const [queues, setQueues] = useState(() => queuesToServe(search));
	const [concurrency, setConcurrency] = useState<number | string>('');
	const [machines, setMachines] = useState<number | string>(1);
	const [lifetime, setLifetime] = useState<string | null>('3600000');
	const [address, setAddress] = useState(bridge.place.address);
	const names = useQueueNames();
	const where = addressIn(address);
	const uses = typeof machines === 'number' ? machines : 1;
	const make = useAct<void, MadeCommand>({
		act: async () => {
			const made = await createNodeToken(http, {
				...(queues.length === 0 ? {} : { queues }),
				...{ uses, expiresInMs: Number(lifetime) },
			});
			const slots = typeof concurrency === 'number' ? concurrency : null;
			const wish = { address: where ?? bridge.place.address, token: made.token, queues, concurrency: slots };
			return { wish, tokenId: made.id, expiresAt: made.expiresAt, machines: uses };
		},
		key: keys.nodeTokens,
		failed: words.notMade,
		onDone: onMade,
	});
	return (
		<form
			className={page.card}
			aria-labelledby="add-step-1"
			onSubmit={(event) => {
				event.preventDefault();
				if (where !== null && !make.isPending) make.mutate();
			}}
		>
			<h2 id="add-step-1">{words.step1}</h2>
			<div className={classes.fields}>
				<MultiSelect
					label={words.queues}
					description={words.queuesHint}
					data={[...new Set([...(names.data ?? []), ...queues])]}
					value={queues}
					onChange={setQueues}
					searchable
					nothingFoundMessage={words.noQueue}
					limit={100}
				/>
				<NumberInput
					label={words.concurrency}
					description={words.concurrencyHint}
					value={concurrency}
					onChange={setConcurrency}
					min={1}
					max={MOST_SLOTS}
					allowDecimal={false}
					clampBehavior="strict"
				/>
				<NumberInput
					label={words.machines}
					description={words.machinesHint}
					value={machines}
					onChange={setMachines}
					min={1}
					max={MOST_MACHINES}
					allowDecimal={false}
					clampBehavior="strict"
				/>
				<Select
					label={words.expires}
					value={lifetime}
					onChange={setLifetime}
					allowDeselect={false}
					data={LIFETIMES.map(([ms, label]) => ({ value: String(ms), label }))}
				/>
				<TextInput
					label={words.address}
					description={words.addressHint}
					value={address}
					onChange={(event) => setAddress(event.currentTarget.value)}
					error={where === null ? words.badAddress : null}
					spellCheck={false}
				/>
			</div>
			<Button type="submit" loading={make.isPending} disabled={where === null}>
				{words.make}
			</Button>
		</form>
	);
};
