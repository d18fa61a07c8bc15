import { archivelist } from './built-in/archivelist.ts';
import { checksum } from './built-in/checksum.ts';
import { convert } from './built-in/convert.ts';
import { csvprofile } from './built-in/csvprofile.ts';
import { feedTopic } from './built-in/feed-topic.ts';
import { fetchFile } from './built-in/fetch.ts';
import { imagefacts } from './built-in/imagefacts.ts';
import { md5 } from './built-in/md5.ts';
import { mimetype } from './built-in/mimetype.ts';
import { noop } from './built-in/noop.ts';
import { resize } from './built-in/resize.ts';
import { textstats } from './built-in/textstats.ts';
import { thumbnail } from './built-in/thumbnail.ts';
import { url } from './built-in/url.ts';
import { verify } from './built-in/verify.ts';
import { xTopic } from './built-in/x-topic.ts';
import { type Manifest, type ManifestInput, manifestSchema } from './task-type.ts';

/** Task types that every agent carries. They are data here; the code is in `agent/tasks`, one file each. */
const BUILT_IN: ManifestInput[] = [
	noop,
	md5,
	mimetype,
	imagefacts,
	thumbnail,
	resize,
	convert,
	checksum,
	verify,
	textstats,
	csvprofile,
	archivelist,
	fetchFile,
	url,
	feedTopic,
	xTopic,
];

export const BUILT_IN_TASK_TYPES: readonly Manifest[] = BUILT_IN.map((m) => manifestSchema.parse(m));
