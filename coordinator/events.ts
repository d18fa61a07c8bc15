import type { AccountEvents } from './accounts/account-events.ts';
import type { NodeEvents } from './agents/node-events.ts';
import type { FileEvents } from './files/file-events.ts';
import type { HealthEvents } from './health/health-events.ts';
import type { QueueEvents } from './monitoring/queue-events.ts';
import type { TaskEvents } from './queue/task-announcements.ts';
import type { ThingEvents } from './things/thing-events.ts';

/** All that the rooms announce. */
export type Events = TaskEvents & FileEvents & NodeEvents & QueueEvents & ThingEvents & AccountEvents & HealthEvents;
