import { Button, Loader } from '@mantine/core';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { announce } from '../../kit/announcer.tsx';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { queryClient } from '../../kit/remote/query-client.ts';
import page from '../../kit/shell/page.module.css';
import { LookChip } from '../../kit/state-chip.tsx';
import { saveText } from '../../kit/table/table-csv.ts';
import { NODE_LOOKS } from '../nodes/node-looks.ts';
import { useNodes } from '../nodes/use-nodes.ts';
import { keys } from '../remote/keys.ts';
import classes from './add-node.module.css';
import { cloudInit, isHereOnly, joinCommand, leftInWords } from './join-command.ts';
import type { MadeCommand } from './token-form.tsx';
import { words } from './words.ts';

const TICK_MS = 1_000;
/** As the list of tokens shows them. */
const ENDING = 4;

/** What is left until then, each second; null once it is over. */
const useLeft = (until: string): string | null => {
	const [now, setNow] = useState(Date.now);
	const left = leftInWords(Date.parse(until) - now);
	const isOver = left === null;
	useEffect(() => {
		if (isOver) return;
		const timer = setInterval(() => setNow(Date.now()), TICK_MS);
		return () => clearInterval(timer);
	}, [isOver]);
	return left;
};

/** The command to run on the new machine, what is left of its time, and who has joined by it. */
export const MadeCommandCards = ({ made, onAnother }: { made: MadeCommand; onAnother(): void }) => {
	const left = useLeft(made.expiresAt);
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), []);
	const command = joinCommand(made.wish);
	const cloud = cloudInit(made.wish);
	return (
		<>
			<section className={page.card} aria-labelledby="add-step-2">
				<div className={page.cardHead}>
					<h2 id="add-step-2" ref={heading} tabIndex={-1}>
						{words.step2}
					</h2>
					<span className={classes.left} data-over={left === null || undefined}>
						<Icon name="clock" size={15} /> {left === null ? words.over : words.left(left)}
					</span>
				</div>
				<p className={classes.lead}>{words.run}</p>
				<Code text={command} what={words.command} isLine />
				{isHereOnly(made.wish.address) && <p className={page.fault}>{words.hereOnly}</p>}
				<p className={page.quiet}>{words.clone}</p>
				<p className={page.quiet}>
					{words.tokenEnds} <code className="millrace-mono">…{made.wish.token.slice(-ENDING)}</code>
				</p>
				<details className={classes.cloud}>
					<summary>{words.cloud}</summary>
					<p className={page.quiet}>{words.cloudHint}</p>
					<Code text={cloud} what={words.cloudText} />
					<Button
						size="xs"
						variant="default"
						leftSection={<Icon name="download" size={15} />}
						onClick={() => saveText(cloud, 'millrace-agent.yaml', 'text/yaml')}
					>
						{words.download}
					</Button>
				</details>
			</section>
			<section className={page.card} aria-labelledby="add-step-3">
				<div className={page.cardHead}>
					<h2 id="add-step-3">{words.step3}</h2>
					<Button size="xs" variant="default" onClick={onAnother}>
						{words.another}
					</Button>
				</div>
				<Joined made={made} isOver={left === null} />
			</section>
		</>
	);
};

/** Of one line only whole words go to the next. */
const Code = ({ text, what, isLine = false }: { text: string; what: string; isLine?: boolean }) => (
	<div className={classes.code}>
		{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
		<section tabIndex={0} aria-label={what}>
			<code>
				{isLine
					? text.split(' ').map((word, at) => (
							<Fragment key={word}>
								{at > 0 && ' '}
								<span className={classes.word}>{word}</span>
							</Fragment>
						))
					: text}
			</code>
		</section>
		<CopyButton text={text} what={what} />
	</div>
);

/** Waits for who joins by the token, and greets them. */
const Joined = ({ made, isOver }: { made: MadeCommand; isOver: boolean }) => {
	const nodes = useNodes();
	const joined = useMemo(
		() => (nodes.data ?? []).filter(({ joinedBy }) => joinedBy === made.tokenId),
		[nodes.data, made.tokenId],
	);
	const greeted = useRef(new Set<string>());
	useEffect(() => {
		for (const { id, name } of joined) {
			if (greeted.current.has(id)) continue;
			greeted.current.add(id);
			announce(words.joined(name));
			void queryClient.invalidateQueries({ queryKey: keys.nodeTokens });
		}
	}, [joined]);
	const isWaiting = joined.length < made.machines && !isOver;
	return (
		<>
			{joined.length > 0 && (
				<ul className={classes.joined}>
					{joined.map((node) => (
						<Greeting key={node.id} node={node} />
					))}
				</ul>
			)}
			{isWaiting ? (
				<p className={classes.waiting}>
					<Loader size="xs" aria-hidden="true" /> {words.waiting(made.machines - joined.length)}
				</p>
			) : (
				<p className={page.quiet}>{joined.length >= made.machines ? words.all(made.machines) : words.over}</p>
			)}
		</>
	);
};

const Greeting = ({ node }: { node: NodeView }) => (
	<li>
		<Icon name="circleCheck" />
		<span>
			{words.welcome}, <strong>{node.name}</strong>
		</span>
		<LookChip look={NODE_LOOKS[node.state]} />
		<Button component={Link} to={`/nodes/${node.id}`} size="xs" variant="light">
			{words.look}
		</Button>
	</li>
);
