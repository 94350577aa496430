/**
 * The types of the engine as the window names them. Import them from here, never from the generated file.
 *
 * The engine's `Error` and `Event` would hide those of the browser, so they go by other names here.
 */

export type * from '../generated/bindings';
export type { Error as Failure, Event as EngineEvent } from '../generated/bindings';

import type { Commands } from '../generated/bindings';

/** What a command is told. */
export type RequestOf<C extends keyof Commands> = Commands[C]['request'];

/** What a command answers. */
export type ResponseOf<C extends keyof Commands> = Commands[C]['response'];

/** A part of the settings, merged deep; `null` removes a key. */
export type SettingsPatch = { [key: string]: unknown };
