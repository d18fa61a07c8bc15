import type { LiveSource, LiveSourceOptions, LiveState } from '../shared/client/live-client.ts';
import type { LivePatch, LiveTopic } from '../shared/protocol/live-updates.ts';

/** A coordinator as its people call it. */
export interface Place {
	name: string;
	/** One of the theme's colours; null without a choice. */
	color: string | null;
	/** What is done here is done to real work: the frame warns. */
	isProduction: boolean;
	/** Where other people and machines reach it, for what is handed to them; empty where none is known. */
	address: string;
}

/**
 * What the screens need of the shell that they run in. A browser's tab and the desktop's window give it in their own
 * ways; the screens know no other difference between the two.
 */
export interface Bridge {
	/** Where the page reaches the coordinator's API, which may be nowhere for others; the shell adds who is signed in, and the page never sees that. */
	readonly baseUrl: string;
	/** Which coordinator this is; in the frame at all times. */
	readonly place: Place;
	/** Updates of the coordinator, until disposed of. */
	openLive(options: LiveSourceOptions): LiveSource;
	/** What only the desktop has; null in a browser's tab. */
	readonly desktop: Desktop | null;
}

export type ProfileColor = 'indigo' | 'teal' | 'grape' | 'orange';

/** A coordinator that the desktop knows. */
export interface Profile {
	id: string;
	name: string;
	/** Scheme, host, port and, behind a proxy, a path; without a slash at its end. */
	url: string;
	color: ProfileColor | null;
	isProduction: boolean;
}

/** A profile as somebody filled it in; without an id it is a new one. */
export type ProfileDraft = Omit<Profile, 'id'> & { id: string | null };

/** A certificate as it is shown to somebody who is to approve of it. */
export interface ShownCertificate {
	/** SHA-256, in pairs of hexadecimal digits with colons. */
	fingerprint: string;
	subject: string;
	issuer: string;
	/** As the certificate writes them. */
	validFrom: string;
	validTo: string;
	/** An authority that this machine trusts vouches for it, for the name that was asked. */
	isVouched: boolean;
}

/** What was found at a profile's address. */
export type Sight =
	| { kind: 'fine'; version: string }
	/** It answers, but is of another version than this console; the detail says what may be missing and what to do. */
	| { kind: 'other-version'; version: string; detail: string }
	/** Nobody has approved of its certificate yet. */
	| { kind: 'new-certificate'; certificate: ShownCertificate }
	/** It shows another certificate than the approved one: renewed, moved, or somebody listens in between. */
	| { kind: 'other-certificate'; certificate: ShownCertificate; approved: string; approvedAt: string }
	| { kind: 'trouble'; detail: string };

export interface DesktopState {
	profiles: readonly Profile[];
	currentId: string | null;
	/** The current one shows a certificate that is not approved: nothing is sent to it. */
	isRefused: boolean;
	/** Sessions outlive the program; false where the system has nowhere safe to keep them. */
	keepsSessions: boolean;
	/** What went wrong when the program began, such as a broken file that was put aside. */
	notes: readonly string[];
}

/** The agent that the desktop runs on this machine. */
export interface AgentView {
	/** absent: not started here · starting · running · stopping: finishes what it runs · ended: `detail` says how */
	state: 'absent' | 'starting' | 'running' | 'stopping' | 'ended';
	detail: string | null;
	/** It has never joined the current coordinator: it needs a node token. */
	needsToken: boolean;
	/** Its last lines, oldest first. */
	log: readonly string[];
}

export interface AgentWish {
	/** Tasks at a time; null: as many as the machine has cores. */
	concurrency: number | null;
	queues: readonly string[];
	/** By which it joins; null when it has joined before. */
	token: string | null;
}

/** What the window is told to do by the menu, the tray or a link. */
export type DesktopCommand = { kind: 'palette' } | { kind: 'go'; to: string } | { kind: 'state' };

/** What a line for live updates brings. */
export type LiveEvent =
	| { kind: 'patches'; patches: readonly LivePatch[] }
	| { kind: 'resync' }
	| { kind: 'state'; state: LiveState };

/** What the desktop adds. Whatever is given to it is checked there; a refusal is an Error with a sentence. */
export interface Desktop {
	readState(): Promise<DesktopState>;
	/** Answers with the profile's id. */
	saveProfile(draft: ProfileDraft): Promise<string>;
	/** Its session and its approved certificate are forgotten too. */
	forgetProfile(id: string): Promise<void>;
	/** The window is loaded anew, with nothing of the one before. */
	chooseProfile(id: string): Promise<void>;
	/** Asks the coordinator who it is, without a sign-in. */
	lookAt(id: string): Promise<Sight>;
	/** Approves of a certificate that the last look has shown; no other one is taken. */
	approve(id: string, fingerprint: string): Promise<void>;
	readAgent(): Promise<AgentView>;
	startAgent(wish: AgentWish): Promise<void>;
	stopAgent(): Promise<void>;
	/** The answer ends it, here and below. */
	onAgent(listener: (view: AgentView) => void): () => void;
	onCommand(listener: (command: DesktopCommand) => void): () => void;
}

/** What the preload puts into the window, as `window.millrace`. */
export interface DesktopWindow extends Desktop {
	openLive(topics: readonly LiveTopic[], listener: (event: LiveEvent) => void): () => void;
}

declare global {
	interface Window {
		/** There in the desktop's window only. */
		readonly millrace?: DesktopWindow;
	}
}
