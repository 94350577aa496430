/** How each profile's last test went, for as long as the window lives. */

import { SvelteMap } from 'svelte/reactivity';
import type { TestReport } from '../../host/contract';

export const lastTests = new SvelteMap<string, TestReport>();
